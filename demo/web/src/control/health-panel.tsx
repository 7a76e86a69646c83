import { memo, useState } from "react";
import { type HealthView, type ProbeView, shownBeats } from "../../../rooms/health.ts";
import { control } from "../messages/en-control.ts";
import { formatTime } from "./format.ts";
import { toText } from "./units.ts";

const { health: words } = control;
const waiting = 3;

interface Props {
  /** `undefined` before it has come. */
  readonly view: HealthView | undefined;
  readonly filter: string;
}

/** What the server depends on: each with its last checks, one bar a check. */
export const HealthPanel = memo(function HealthPanel({ view, filter }: Props) {
  const probes = view?.probes.filter(({ name }) => probeName(name).toLowerCase().includes(filter.toLowerCase()));
  return (
    <section className="panel health" aria-labelledby="health-title">
      <h2 id="health-title">{words.title}</h2>
      <ul className="probes">
        {probes === undefined
          ? Array.from({ length: waiting }, (_, at) => (
              <li key={at} className="probe">
                <span className="bone" />
              </li>
            ))
          : probes.map((probe) => <Probe key={`${probe.process} ${probe.name}`} probe={probe} number={numberOf(probe.process, view?.processes)} />)}
      </ul>
      {view?.probes.length === 0 && (
        <p className="note">
          {words.empty} <code>{words.code}</code>
        </p>
      )}
    </section>
  );
});

/** Of several processes which one it is, from 1. */
function numberOf(process: string | undefined, processes: HealthView["processes"] = []): number | undefined {
  return processes.length > 1 ? processes.findIndex(({ id }) => id === process) + 1 : undefined;
}

/** What a probe is called. */
export function probeName(name: string): string {
  return words.names[name] ?? name;
}

const signs = { pass: "M3 8.5 6.5 12 13 4.5", warn: "M8 3v6M8 12.5h0", fail: "M4 4l8 8M12 4l-8 8" } as const;

function Probe({ probe: { name, needed, status, beats }, number }: { readonly probe: ProbeView; readonly number: number | undefined }) {
  const title = number === undefined ? probeName(name) : words.ofProcess(probeName(name), number);
  const [at, setAt] = useState<number>();
  const first = shownBeats - beats.length;
  const beat = at === undefined ? beats.at(-1) : beats[at - first];
  const said =
    beat === undefined
      ? words.waiting
      : beat.ok
        ? words.beat(formatTime(beat.atMs), toText("seconds", beat.latencyMs / 1_000))
        : words.failed(formatTime(beat.atMs), beat.error ?? "");
  return (
    <li className="probe" data-status={status}>
      <p className="probe-name">
        <strong>{title}</strong>
        <span className="probe-status">
          <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={signs[status]} />
          </svg>
          {words.status[status]}
        </span>
        {needed && <span className="note">{words.needed}</span>}
      </p>
      <div className="beats">
        {Array.from({ length: shownBeats }, (_, slot) => {
          const one = beats[slot - first];
          return <span key={slot} data-ok={one?.ok} data-at={slot === at || undefined} />;
        })}
        <input
          type="range"
          aria-label={words.beats(title)}
          aria-valuetext={said}
          min={Math.min(first, shownBeats - 1)}
          max={shownBeats - 1}
          value={at ?? shownBeats - 1}
          onChange={({ target }) => setAt(Number(target.value))}
          onPointerMove={({ clientX, currentTarget }) => {
            const { left, width } = currentTarget.getBoundingClientRect();
            setAt(Math.max(first, Math.min(shownBeats - 1, Math.floor(((clientX - left) / width) * shownBeats))));
          }}
          onPointerLeave={() => setAt(undefined)}
          onBlur={() => setAt(undefined)}
        />
      </div>
      <p className="probe-beat note" title={said}>
        {said}
      </p>
    </li>
  );
}
