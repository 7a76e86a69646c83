import type { ActivityView, LiveEvent, ViewEntry } from "./contract.ts";

/** Events of a live list. */
export const liveEvents = 50;

/** Before anything was told. */
export const noView: ActivityView = {
  at: 0,
  active: { count: 0, isExact: true },
  sessions: { count: 0, isExact: true },
  minutes: Array.from({ length: 30 }, () => 0),
  pages: { last5: [], last30: [] },
  types: { last5: [], last30: [] },
  latest: [],
};

/** What a page shows after another entry. */
export function evolveView({ latest }: ActivityView, { at, active, sessions, minutes, pages, types, added, isAnew }: ViewEntry): ActivityView {
  return { at, active, sessions, minutes, pages, types, latest: newestOf([...(isAnew === true ? [] : latest), ...added]) };
}

/** The newest 50, oldest first; in whatever order they come, it is the same list. */
export function newestOf(events: readonly LiveEvent[]): readonly LiveEvent[] {
  return events.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-liveEvents);
}

/** Whether the clock has gone back: by so much that it is not waited for. */
export function hasGoneBack(before: number, now: number): boolean {
  return before - now > 60_000;
}

/** What has to be told of a view to those who have another; `undefined`: nothing but the time has changed. */
export function nextEntry(known: ActivityView, view: ActivityView): ViewEntry | undefined {
  const { latest, ...told } = view;
  if (hasGoneBack(known.at, view.at)) return { kind: "seen", ...told, added: latest, isAnew: true };
  const shown = new Set(known.latest.map(({ id }) => id));
  const added = latest.filter(({ id }) => !shown.has(id));
  const isSame = added.length === 0 && JSON.stringify({ ...known, at: 0, latest: [] }) === JSON.stringify({ ...view, at: 0, latest: [] });
  return isSame ? undefined : { kind: "seen", ...told, added };
}
