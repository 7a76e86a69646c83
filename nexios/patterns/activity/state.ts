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
export function evolveView({ latest }: ActivityView, { at, active, sessions, minutes, pages, types, added, isAnew, teller }: ViewEntry): ActivityView {
  return { at, active, sessions, minutes, pages, types, latest: newestOf([...(isAnew === true ? [] : latest), ...added]), ...(teller && { teller }) };
}

/** The newest 50, oldest first, each once; in whatever order they come, it is the same list. */
export function newestOf(events: readonly LiveEvent[]): readonly LiveEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-liveEvents);
}

/** Whether the clock has gone back: by so much that it is not waited for. */
export function hasGoneBack(before: number, now: number): boolean {
  return before - now > 60_000;
}

/** What has to be told of a view to those who have another; `undefined`: nothing but the time has changed. */
export function nextEntry(known: ActivityView, view: ActivityView): ViewEntry | undefined {
  const { latest, teller: _teller, ...told } = view;
  if (hasGoneBack(known.at, view.at)) return { kind: "seen", ...told, added: latest, isAnew: true };
  const shown = new Set(known.latest.map(({ id }) => id));
  const added = latest.filter(({ id }) => !shown.has(id));
  const isSame = added.length === 0 && JSON.stringify(withoutTime(known)) === JSON.stringify(withoutTime(view));
  return isSame ? undefined : { kind: "seen", ...told, added };
}

function withoutTime({ active, sessions, minutes, pages, types }: ActivityView): Omit<ActivityView, "at" | "latest" | "teller"> {
  return { active, sessions, minutes, pages, types };
}

/** So long after somebody has told, nobody else does. */
const tellerMs = 3_000;

/** Whether another process tells: what it has said is newer, or will soon be. */
export function isToldByOther({ teller }: ActivityView, id: string | undefined, now: number): boolean {
  return id !== undefined && teller !== undefined && teller.id !== id && now < teller.at + tellerMs;
}
