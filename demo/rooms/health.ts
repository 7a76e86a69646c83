import { defineRoom, type } from "nexios/contract";

/** How something is: it works; it has failed lately, or was never asked; it fails. */
type Condition = "pass" | "warn" | "fail";

/** What one check came to. */
interface ProbeBeat {
  readonly atMs: number;
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly error?: string;
}

/** What is known of something that the server depends on. */
export interface ProbeView {
  readonly name: string;
  /** Without it the server is not ready. */
  readonly needed: boolean;
  readonly status: Condition;
  /** Since when, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** The last checks, oldest first. */
  readonly beats: readonly ProbeBeat[];
}

/** The server's health as its page shows it. */
export interface HealthView {
  readonly status: Condition;
  /** Why it is not ready, or not quite; empty while all is well. */
  readonly reason: string;
  readonly probes: readonly ProbeView[];
}

/** What is new: of each probe that has news its checks since the last entry. */
export interface HealthNews {
  readonly status: Condition;
  readonly reason: string;
  readonly probes: readonly ProbeView[];
}

/** So many checks of a probe are shown. */
export const shownBeats = 60;

/** The health of the one house that there is: `health/{house}`, for those who may see the control room. */
export const health = defineRoom("health/{house}", {
  log: "volatile",
  entry: type<HealthNews>(),
  state: type<HealthView>(),
  calls: {
    /** The server's own. */
    tell: { input: type<HealthNews>(), refusals: { FORBIDDEN: type<undefined>() } },
  },
}).fold({ status: "warn", reason: "", probes: [] }, evolveHealth);

/** The health after news of it. Pure. */
export function evolveHealth({ probes }: HealthView, news: HealthNews): HealthView {
  const fresh = new Map(news.probes.map((probe) => [probe.name, probe]));
  const known = probes.map((probe) => {
    const next = fresh.get(probe.name);
    return next === undefined ? probe : { ...next, beats: [...probe.beats, ...next.beats].slice(-shownBeats) };
  });
  const born = news.probes.filter(({ name }) => !probes.some((probe) => probe.name === name));
  return { status: news.status, reason: news.reason, probes: [...known, ...born] };
}

/** What those who have `known` need to be told; `undefined` where nothing is new. Pure. */
export function healthNews(known: HealthView, now: HealthView): HealthNews | undefined {
  const probes = now.probes.flatMap((probe) => {
    const before = known.probes.find(({ name }) => name === probe.name);
    const since = before?.beats.at(-1)?.atMs ?? -Infinity;
    const beats = probe.beats.filter(({ atMs }) => atMs > since);
    return before?.status === probe.status && beats.length === 0 ? [] : [{ ...probe, beats }];
  });
  const isSame = probes.length === 0 && known.status === now.status && known.reason === now.reason;
  return isSame ? undefined : { status: now.status, reason: now.reason, probes };
}
