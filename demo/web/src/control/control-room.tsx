import { memo } from "react";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { ResponseClasses } from "./response-classes.tsx";
import type { Snapshot } from "./frame.ts";
import { RequestsChart } from "./requests-chart.tsx";
import { toPageState } from "./control-state.ts";
import { LinePill, LineStatusText, SpokenState } from "./status-line.tsx";
import { Tiles } from "./tiles.tsx";
import { TopPages } from "./top-pages.tsx";
import { useControlRoom } from "./use-control-room.ts";
import { useNow, useOnline } from "./use-now.ts";
import { Viewers } from "./viewers.tsx";

/** The metrics of this very server, live. */
export function ControlRoom() {
  const { state, dispatch, tryNow } = useControlRoom();
  const now = useNow();
  const page = toPageState(state, now, useOnline());
  const shown = state.held ?? state.newest;
  const isHeld = state.held !== undefined;
  const canPause = isHeld || (state.newest !== undefined && page !== "loading" && page !== "refused");
  return (
    <div className="control" data-state={page}>
      <div className="control-head">
        <PageTitle title={en.control.title} />
        <LinePill page={page} state={state} now={now} />
        <button type="button" className="button pause" aria-disabled={!canPause} onClick={() => canPause && dispatch({ kind: isHeld ? "resume" : "pause" })}>
          <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={isHeld ? "M5 3v10l8-5z" : "M5 3v10M11 3v10"} />
          </svg>
          {isHeld ? en.control.resume : en.control.pause}
        </button>
      </div>
      <LineStatusText page={page} state={state} now={now} tryNow={tryNow} />
      <SpokenState page={page} />
      <Numbers snapshot={shown?.snapshot} />
    </div>
  );
}

/** Drawn once a second, not with each tick of an age. */
const Numbers = memo(function Numbers({ snapshot }: { snapshot: Snapshot | undefined }) {
  return (
    <>
      <Tiles snapshot={snapshot} />
      <RequestsChart snapshot={snapshot} />
      <div className="control-columns">
        <TopPages snapshot={snapshot} />
        <div className="control-side">
          <ResponseClasses snapshot={snapshot} />
          <Viewers counted={snapshot?.viewers} />
        </div>
      </div>
    </>
  );
});
