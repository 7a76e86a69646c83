import { useAlerts } from "nexios/alerts/react";
import { useRef, useState } from "react";
import "../styles/control-room.css";
import { houseName } from "../../../rooms/house.ts";
import { control as words } from "../messages/en-control.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { ActivityPanel } from "./activity-panel.tsx";
import { AlertsPanel } from "./alerts-panel.tsx";
import { ChartGrid } from "./chart-grid.tsx";
import { furtherCharts, mainCharts } from "./charts.ts";
import { moveCursor } from "./chart-cursor.ts";
import { CursorStore } from "./cursor-store.ts";
import { HealthPanel, probeName } from "./health-panel.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { OverflowNote } from "./overflow-note.tsx";
import type { KeyDeed } from "./page-keys.ts";
import { firstWindow, shownWindows, type WindowKey, windowOf } from "./shown-window.ts";
import { SpokenAlerts } from "./spoken-alerts.tsx";
import { FreshnessPill, SpokenState, StateText, Verdict } from "./status-line.tsx";
import { Tiles } from "./tiles.tsx";
import { useActivity } from "./use-activity.ts";
import { useHealth } from "./use-health.ts";
import { useIsNarrow } from "./use-is-narrow.ts";
import { usePageKeys } from "./use-page-keys.ts";
import { useShown } from "./use-shown.ts";
import { Watching } from "./watching.tsx";

/** The metrics, alerts, activity and health of this very server, live. */
export function ControlRoom() {
  const [windowKey, setWindowKey] = useState<WindowKey>(firstWindow.key);
  const [filter, setFilter] = useState("");
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [cursor] = useState(() => new CursorStore());
  const filterField = useRef<HTMLInputElement>(null);
  const window = windowOf(windowKey);
  const { state, dashboard, view, shownAt, isHeld, hold } = useShown(window);
  const alerts = useAlerts(houseName);
  const health = useHealth();
  const activity = useActivity(isHeld);
  const isNarrow = useIsNarrow();
  const canHold = isHeld || (dashboard !== undefined && state !== "refused");

  const act = (deed: KeyDeed): void => {
    switch (deed.kind) {
      case "pause":
        return canHold ? hold(!isHeld) : undefined;
      case "window":
        return setWindowKey(deed.window);
      case "cursor":
        return cursor.set(moveCursor(cursor.read(), Number.isFinite(deed.steps) ? deed.steps : Math.sign(deed.steps) * view.span.count, view.span));
      case "alerts":
        return focusAlerts();
      case "filter":
        return filterField.current?.focus();
      case "help":
        return setHelpOpen(true);
      case "leave":
        cursor.set(undefined);
        return setFilter("");
    }
  };
  const [hasKeys, setHasKeys] = usePageKeys(act);

  const charts = { view, window: windowKey, cursor, filter };
  const failing = (health?.probes ?? []).filter(({ status }) => status === "fail").map(({ name }) => probeName(name));
  const main = <ChartGrid key="main" {...charts} label={words.charts.label} specs={mainCharts} />;
  const alertsAndActivity = [<AlertsPanel key="alerts" view={alerts} filter={filter} />, <ActivityPanel key="activity" view={activity} />];
  return (
    <div className="control control-room" data-state={state}>
      <div className="control-head">
        <PageTitle title={words.title} />
        <Verdict
          firing={alerts.alerts.filter(({ phase }) => phase === "firing").length}
          failing={failing}
          isKnown={alerts.isKnown && health !== undefined}
          isOld={state === "stale" || state === "disconnected" || state === "refused"}
        />
        <FreshnessPill state={state} newest={dashboard} />
      </div>
      <div className="control-bar">
        <fieldset className="segments windows">
          <legend className="hidden">{words.windows.label}</legend>
          <div>
            {shownWindows.map(({ key }) => (
              <label key={key}>
                <input type="radio" name="window" checked={key === windowKey} onChange={() => setWindowKey(key)} />
                <span>{words.windows[key]}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <input
          ref={filterField}
          type="search"
          className="text-field filter"
          aria-label={words.filter}
          placeholder={words.filter}
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
          onKeyDown={({ key, currentTarget }) => {
            if (key !== "Escape") return;
            setFilter("");
            currentTarget.blur();
          }}
        />
        <button type="button" className="button pause" aria-disabled={!canHold} onClick={() => canHold && hold(!isHeld)}>
          <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={isHeld ? "M5 3v10l8-5z" : "M5 3v10M11 3v10"} />
          </svg>
          {isHeld ? words.resume : words.pause}
        </button>
        <button type="button" className="button help" onClick={() => setHelpOpen(true)}>
          <span aria-hidden="true">?</span>
          <span className="hidden">{words.help}</span>
        </button>
      </div>
      <StateText state={state} shownAt={shownAt} seconds={window.seconds} />
      <SpokenState state={state} />
      <SpokenAlerts alerts={alerts.alerts} isKnown={alerts.isKnown} />
      <Tiles view={view} seconds={window.seconds} active={activity?.active} />
      {/* In the order in which they are seen, so that reading and the Tab key follow the eye. */}
      {isNarrow
        ? [alertsAndActivity[0], main, alertsAndActivity[1]]
        : [
            main,
            <div key="pair" className="control-pair">
              {alertsAndActivity}
            </div>,
          ]}
      <HealthPanel view={health} filter={filter} />
      <ChartGrid {...charts} label={words.charts.further} specs={furtherCharts} isTitled />
      <Watching />
      {/* Below all: what comes late moves nothing. */}
      <OverflowNote dashboard={dashboard} />
      {isHelpOpen && <HelpDialog isOn={hasKeys} onSwitch={setHasKeys} onClose={() => setHelpOpen(false)} />}
    </div>
  );
}

/** To the first alert, or to where they would be. */
function focusAlerts(): void {
  const target = document.querySelector<HTMLElement>(".alert") ?? document.querySelector<HTMLElement>("#alerts-title");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}
