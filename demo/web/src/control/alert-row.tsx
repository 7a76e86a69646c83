import type { ShownAlert } from "nexios/alerts";
import { control } from "../messages/en-control.ts";
import { alertName, alertValue, spanText } from "./alert-text.ts";
import { formatTime } from "./format.ts";

const { alerts: words } = control;

interface Props {
  readonly alert: ShownAlert;
  readonly now: number;
  readonly onAcknowledge: () => void;
  readonly onSilence: () => void;
}

/** One alert: since when, its value, who is on it, and what one can do. */
export function AlertRow({ alert, now, onAcknowledge, onSilence }: Props) {
  const { phase, since, acknowledged } = alert;
  const name = alertName(alert);
  const isQuiet = alert.silence !== undefined;
  return (
    <li className="alert" data-phase={phase} tabIndex={-1}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={phase === "firing" ? "M8 2 15 14H1zM8 6.5v3.5M8 12h0" : "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.2l2 1.3"} />
      </svg>
      <p className="alert-name">
        <strong title={name}>{name}</strong>
        <span className="note">
          {phase === "firing" ? words.firing : words.pending} {words.since(formatTime(since), spanText(now - since))}
        </span>
      </p>
      <p className="alert-value">
        <span className="hidden">{words.value} </span>
        {alertValue(alert)}
      </p>
      {/* Each in its own place, so that what comes into one moves no other. */}
      <div className="alert-actions">
        <div>
          {phase === "firing" &&
            (acknowledged === undefined ? (
              <button type="button" className="button small" data-do="acknowledge" onClick={onAcknowledge}>
                {words.acknowledge}
                <span className="hidden">{words.of(name)}</span>
              </button>
            ) : (
              <span className="alert-taken" title={words.acknowledged(acknowledged.by.name)}>
                <Tick />
                <bdi>{words.acknowledged(acknowledged.by.name)}</bdi>
              </span>
            ))}
        </div>
        <div>
          {isQuiet ? (
            <span className="alert-taken">
              <Tick />
              {words.silenced}
            </span>
          ) : (
            <button type="button" className="button small" onClick={onSilence}>
              {words.silence}
              <span className="hidden">{words.of(name)}</span>
            </button>
          )}
        </div>
      </div>
    </li>
  );
}

function Tick() {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M3 8.5 6.5 12 13 4.5" />
    </svg>
  );
}
