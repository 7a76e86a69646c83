import type { DocumentSession } from "nexios/collab/client";
import { useCallback, useState } from "react";
import type { ComparedRun, HistoryGroup } from "nexios/collab";
import { type Moment, rangeOf } from "./moments.ts";
import { type Asked, useAsked } from "./use-asked.ts";

const pauseMs = 600;
/** A slider that is drawn asks when it rests. */
const dragMs = 120;

/** A text's past, as far as somebody looks at it. */
export interface Past {
  readonly groups: Asked<readonly HistoryGroup[]>;
  /** There is a connection: the past is not on this page, it is asked for. */
  readonly isLive: boolean;
  /** The first moment that can be asked for. */
  readonly oldest: number;
  /** The newest moment that is known of. */
  readonly newest: number;
  /** Which is looked at; `undefined`: the present. */
  readonly moment: Moment | undefined;
  /** Changes nothing without a connection, but back to the present. */
  readonly show: (moment: Moment | undefined) => void;
  /** What the text was at that moment, beside another. */
  readonly shown: Asked<readonly ComparedRun[]>;
}

/** Looks into a text's past while that is wanted. */
export function usePast(session: DocumentSession | undefined, isWanted: boolean): Past {
  const [chosen, setMoment] = useState<Moment>();
  const moment = isWanted ? chosen : undefined;
  const state = session?.room.confirmedState;
  const [oldest, newest] = [state?.oldest ?? 0, state?.count ?? 0];
  const isLive = session?.room.status.kind === "live";
  const asked = useAsked(
    isWanted && session !== undefined ? { key: `${newest} ${isLive}`, ask: (signal) => session.room.ask("history", {}, { signal }) } : undefined,
    // The first list at once.
    newest === 0 ? 0 : pauseMs,
  );
  // What was forgotten since it was asked is not offered.
  const groups = { ...asked, value: asked.value?.filter(({ toCount }) => toCount > oldest) };
  const range = moment && rangeOf(moment, groups.value ?? [], { oldest, newest });
  const shown = useAsked(
    session !== undefined && range !== undefined
      ? { key: `${moment?.beside} ${range.from} ${range.to} ${isLive}`, ask: (signal) => session.room.ask("compare", range, { signal }) }
      : undefined,
    dragMs,
  );
  const show = useCallback((next: Moment | undefined) => void ((isLive || next === undefined) && setMoment(next)), [isLive]);
  return { groups, isLive, oldest, newest, moment, show, shown };
}
