import type { DocumentSession } from "nexios/collab/client";
import { useState } from "react";
import type { ComparedRun, HistoryGroup } from "nexios/collab";
import { type Moment, rangeOf } from "./moments.ts";
import { type Asked, useAsked } from "./use-asked.ts";

const pauseMs = 600;
/** A slider that is drawn asks when it rests. */
const dragMs = 120;

/** A text's past, as far as somebody looks at it. */
export interface Past {
  readonly groups: Asked<readonly HistoryGroup[]>;
  /** The newest moment that is known of. */
  readonly newest: number;
  /** Which is looked at; `undefined`: the present. */
  readonly moment: Moment | undefined;
  readonly show: (moment: Moment | undefined) => void;
  /** What the text was at that moment, beside another. */
  readonly shown: Asked<readonly ComparedRun[]>;
}

/** Looks into a text's past while that is wanted. */
export function usePast(session: DocumentSession | undefined, isWanted: boolean): Past {
  const [chosen, setMoment] = useState<Moment>();
  const moment = isWanted ? chosen : undefined;
  const newest = session?.room.confirmedState?.count ?? 0;
  const isLive = session?.room.status.kind === "live";
  const groups = useAsked(
    isWanted && session !== undefined ? { key: `${newest} ${isLive}`, ask: (signal) => session.room.ask("history", {}, { signal }) } : undefined,
    // The first list at once.
    newest === 0 ? 0 : pauseMs,
  );
  const range = moment && rangeOf(moment, groups.value ?? [], newest);
  const shown = useAsked(
    session !== undefined && range !== undefined
      ? { key: `${moment?.beside} ${range.from} ${range.to} ${isLive}`, ask: (signal) => session.room.ask("compare", range, { signal }) }
      : undefined,
    dragMs,
  );
  return { groups, newest, moment, show: setMoment, shown };
}
