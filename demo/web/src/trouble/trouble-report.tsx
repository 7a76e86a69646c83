import { useEffect, useRef, useState } from "react";
import { formatCount, formatDelay } from "../control/format.ts";
import { en } from "../messages/en.ts";
import type { Healed, TroubleRecord } from "./trouble-record.ts";

const tickMs = 250;

interface Props {
  readonly record: TroubleRecord | undefined;
  readonly cutUntil: number | undefined;
}

/** What happened to what was broken last. */
export function TroubleReport({ record, cutUntil }: Props) {
  const report = useRef<HTMLDivElement>(null);
  // On a phone the panel scrolls, and the button that was pressed may stand far from what comes of it.
  useEffect(() => {
    if (record?.id !== undefined) report.current?.scrollIntoView({ block: "nearest" });
  }, [record?.id]);
  return (
    <div ref={report} className="trouble-report" data-state={record === undefined ? undefined : toState(record)}>
      <output className="hidden">{record === undefined ? "" : toSentence(record)}</output>
      {record === undefined ? (
        <p className="note">{en.trouble.none}</p>
      ) : (
        <>
          <h3>
            {en.trouble.kinds[record.kind]}
            <span className="trouble-state">{en.trouble.states[toState(record)]}</span>
          </h3>
          {record.healed === undefined ? <Open record={record} cutUntil={cutUntil} /> : <Made healed={record.healed} record={record} />}
        </>
      )}
    </div>
  );
}

function toState({ healed, failure }: TroubleRecord): "open" | "healed" | "failed" {
  if (failure !== undefined) return "failed";
  return healed === undefined ? "open" : "healed";
}

/** For those who do not see the list: once when it begins, once when it is over. */
function toSentence(record: TroubleRecord): string {
  const { healed, kind } = record;
  const { spoken } = en.trouble;
  if (healed?.proof !== undefined) return spoken.healed(healed.proof.held, healed.proof.missed);
  return healed === undefined ? spoken.begun(en.trouble.kinds[kind]) : "";
}

function Open({ record, cutUntil }: { readonly record: TroubleRecord; readonly cutUntil: number | undefined }) {
  if (record.failure !== undefined) return <p className="note">{en.trouble.failures[record.failure]}</p>;
  return <p className="note">{record.kind === "cut" && cutUntil !== undefined ? <Left until={cutUntil} /> : en.trouble.waits[record.kind]}</p>;
}

function Left({ until }: { readonly until: number }) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return en.trouble.left(formatCount(Math.max(0, Math.ceil((until - now) / 1_000))));
}

function Made({ healed, record }: { readonly healed: Healed; readonly record: TroubleRecord }) {
  const { resume, tookMs, proof } = healed;
  const { facts } = en.trouble;
  const [before, after] = record.processes;
  const count = formatCount(resume.from?.count ?? record.before ?? 0);
  return (
    <dl>
      <Fact name={facts.before} value={facts.line(count)} />
      <Fact name={facts.way} value={resume.why === undefined ? facts.ways.resumed(count) : facts.ways[resume.why]} />
      <Fact name={facts.replayed} value={facts.entries(resume.entries, formatCount(resume.ms))} />
      <Fact name={facts.took} value={toDuration(tookMs)} />
      {before !== undefined && after !== undefined && <Fact name={facts.process} value={facts.processes(String(before), String(after))} />}
      <Fact name={facts.missing} value={proof === undefined ? facts.comparing : facts.compared(proof.held, proof.missed)} />
    </dl>
  );
}

function toDuration(ms: number): string {
  const { facts } = en.trouble;
  return ms < 1_000 ? facts.milliseconds(formatCount(ms)) : facts.seconds(formatDelay(ms / 1_000));
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
