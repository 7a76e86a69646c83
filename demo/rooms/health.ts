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
  /** Which of several processes has checked; absent for one that is alone. */
  readonly process?: string;
}

/** One of several processes, as it was last heard. */
interface ProcessHealth {
  readonly id: string;
  readonly atMs: number;
  readonly status: Condition;
  readonly reason: string;
}

/** The server's health as its page shows it. */
export interface HealthView {
  readonly status: Condition;
  /** Why it is not ready, or not quite; empty while all is well. */
  readonly reason: string;
  readonly probes: readonly ProbeView[];
  /** Where there are several, in the order in which they came: `status` and `reason` are those of the worst. Absent for one that is alone. */
  readonly processes?: readonly ProcessHealth[];
}

/** What is new: of each probe that has news its checks since the last entry. */
export interface HealthNews {
  readonly status: Condition;
  readonly reason: string;
  readonly probes: readonly ProbeView[];
  /** Of which of several processes it is. One that ends says so. */
  readonly process?: { readonly id: string; readonly atMs: number; readonly isGone?: true };
}

/** So many checks of a probe are shown. */
export const shownBeats = 60;

/** A process that was not heard for so long is gone. */
const goneMs = 20_000;

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
export function evolveHealth(view: HealthView, news: HealthNews): HealthView {
  if (news.process === undefined) return { status: news.status, reason: news.reason, probes: withNews(view.probes, news.probes) };
  const { id, atMs, isGone } = news.process;
  const before = view.processes ?? [];
  const own: ProcessHealth = { id, atMs, status: news.status, reason: news.reason };
  const known = before.some((process) => process.id === id) ? before.map((process) => (process.id === id ? own : process)) : [...before, own];
  const processes = known.filter((process) => (process.id === id ? isGone !== true : process.atMs > atMs - goneMs));
  const ids = new Set(processes.map((process) => process.id));
  const fresh = news.probes.map((probe) => ({ ...probe, process: id }));
  const probes = withNews(view.probes, fresh).filter(({ process = "" }) => ids.has(process));
  const worst = processes.toSorted((one, other) => weights[other.status] - weights[one.status])[0];
  return { status: worst?.status ?? "warn", reason: worst?.reason ?? "", probes, processes };
}

/** What those who have `known` need to be told; `undefined` where nothing is new. `process`: which of several has the health that is now. Pure. */
export function healthNews(known: HealthView, now: HealthView, process?: string): HealthNews | undefined {
  const told = process === undefined ? known : known.processes?.find(({ id }) => id === process);
  const probes = now.probes.flatMap((probe) => {
    const before = known.probes.find((each) => isSameProbe(each, { name: probe.name, process }));
    const since = before?.beats.at(-1)?.atMs ?? -Infinity;
    const beats = probe.beats.filter(({ atMs }) => atMs > since);
    return before?.status === probe.status && beats.length === 0 ? [] : [{ ...probe, beats }];
  });
  const isSame = probes.length === 0 && told?.status === now.status && told.reason === now.reason;
  return isSame ? undefined : { status: now.status, reason: now.reason, probes, ...(process !== undefined && { process: { id: process, atMs: 0 } }) };
}

const weights = { pass: 0, warn: 1, fail: 2 } as const;

function withNews(probes: readonly ProbeView[], news: readonly ProbeView[]): readonly ProbeView[] {
  const known = probes.map((probe) => {
    const next = news.find((each) => isSameProbe(each, probe));
    return next === undefined ? probe : { ...next, beats: [...probe.beats, ...next.beats].slice(-shownBeats) };
  });
  const born = news.filter((each) => !probes.some((probe) => isSameProbe(each, probe)));
  return [...known, ...born];
}

function isSameProbe(one: Pick<ProbeView, "name" | "process">, other: { readonly name: string; readonly process?: string | undefined }): boolean {
  return one.name === other.name && one.process === other.process;
}
