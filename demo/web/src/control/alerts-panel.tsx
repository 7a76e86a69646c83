import type { AlertsView } from "nexios/alerts/react";
import { useServerNow } from "nexios/react";
import { type KeyboardEvent, useState } from "react";
import { watchedRules } from "../../../rooms/service-bounds.ts";
import { control } from "../messages/en-control.ts";
import { AlertRow } from "./alert-row.tsx";
import { alertName, orderAlerts } from "./alert-text.ts";
import { FollowAlerts } from "./follow-alerts.tsx";
import { formatTime } from "./format.ts";
import { SilenceForm } from "./silence-form.tsx";

const { alerts: words } = control;
const spanEveryMs = 20_000;

interface Props {
  readonly view: AlertsView;
  readonly filter: string;
}

/** What fires and what is about to, with what can be done about it. */
export function AlertsPanel({ view, filter }: Props) {
  const { alerts, silences, isKnown, acknowledge, unsilence } = view;
  const { now } = useServerNow(spanEveryMs);
  const [order, setOrder] = useState<readonly number[]>();
  const [silencing, setSilencing] = useState<number>();
  const all = orderAlerts(alerts, order);
  const shown = all.filter((alert) => alertName(alert).toLowerCase().includes(filter.toLowerCase()));
  const open = shown.find(({ id }) => id === silencing);
  const hold = () => setOrder((held) => held ?? all.map(({ id }) => id));
  const problem = acknowledge.refusal?.code ?? acknowledge.error?.code ?? unsilence.refusal?.code ?? unsilence.error?.code;
  return (
    <section className="panel alerts" aria-labelledby="alerts-title">
      <div className="panel-head">
        <h2 id="alerts-title" tabIndex={-1}>
          {words.title}
        </h2>
        <FollowAlerts />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- What is under a hand keeps its place. */}
      <div
        className="alerts-body"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reached with the keyboard.
        tabIndex={0}
        onPointerEnter={hold}
        onPointerLeave={() => setOrder(undefined)}
        onFocus={hold}
        onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && setOrder(undefined)}
      >
        {!isKnown ? (
          <p className="alerts-none">
            <span className="bone" />
          </p>
        ) : shown.length === 0 ? (
          <p className="alerts-none">
            <strong>{all.length === 0 ? words.none : words.noneFiltered}</strong>
          </p>
        ) : (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys work on the alerts in it
          <ul className="alerts-list" onKeyDown={goThrough}>
            {shown.map((alert, at) => (
              <AlertRow
                key={at}
                alert={alert}
                now={now}
                onAcknowledge={() => void acknowledge.call({ id: alert.id })}
                onSilence={() => setSilencing(alert.id)}
              />
            ))}
          </ul>
        )}
        {/* Below what comes and goes: set anew, not moved. */}
        {isKnown && <Watched key={`${shown.length} rules`} firing={alerts} />}
        {open !== undefined && <SilenceForm key={open.id} alert={open} silence={view.silence} onDone={() => setSilencing(undefined)} />}
        {silences.length > 0 && (
          <div key={`${shown.length} ${silences.length}`} className="silences">
            <h3>{words.silences}</h3>
            <ul>
              {silences.map(({ id, matchers, until, why, by }) => (
                <li key={id}>
                  <span>
                    {words.until(matchers.map(({ value }) => control.rules[value] ?? value).join(", "), formatTime(until), why)}{" "}
                    <span className="note">{words.by(by.name)}</span>
                  </span>
                  <button type="button" className="button small" onClick={() => void unsilence.call({ id })}>
                    {words.lift}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {words.refusals[problem] ?? words.failed(problem)}
        </p>
      )}
    </section>
  );
}

/** The rules, so that an empty list says what it is empty of. */
function Watched({ firing }: { readonly firing: AlertsView["alerts"] }) {
  return (
    <div className="watched">
      <h3>{words.watched}</h3>
      <ul>
        {watchedRules.map((rule) => {
          const isQuiet = !firing.some((alert) => alert.rule === rule);
          return (
            <li key={rule}>
              <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" data-quiet={isQuiet}>
                <path d={isQuiet ? "M3 8.5 6.5 12 13 4.5" : "M8 2 15 14H1zM8 6.5v3.5M8 12h0"} />
              </svg>
              <span className="watched-name">
                {control.rules[rule]}
                {isQuiet && <span className="hidden">, {control.quiet}</span>}
              </span>
              <span className="note">{control.bounds[rule]}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const ways: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Arrows go from alert to alert; Enter on one acknowledges it. */
function goThrough(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".alert")];
  const at = rows.indexOf((event.target as HTMLElement).closest<HTMLElement>(".alert") ?? event.currentTarget);
  const way = ways[event.key];
  if (way !== undefined && at >= 0) {
    event.preventDefault();
    event.stopPropagation();
    rows[Math.max(0, Math.min(rows.length - 1, at + way))]?.focus();
  } else if (event.key === "Enter" && event.target === rows[at]) {
    event.preventDefault();
    rows[at]?.querySelector<HTMLElement>("[data-do=acknowledge]")?.click();
  }
}
