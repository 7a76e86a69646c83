import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { readHistory } from "nexios/client";
import { binaryWire } from "nexios/client/binary";
import type { RoomFacts } from "nexios/contract";
import { type Cluster, openCluster, type Process } from "./cluster.ts";
import { enterRoom, everyKind, type Kind, type Room } from "./rooms.ts";
import { openWay, type Way } from "./way.ts";

/** How long somebody is away; `CLUSTER_AWAY_MS=30000` for a longer run. */
const awayMs = Number(process.env["CLUSTER_AWAY_MS"] ?? 2_000);
/** Entries from which one resumes: the past is trimmed while people are away. */
const few = { KEPT_ENTRIES: "200" };
/** Comes back as soon as there is a way. */
const hasty = { retryMs: 20, longestRetryMs: 30 };
/** JSON, and the binary one. */
const wires = [undefined, binaryWire];

let cluster: Cluster;
let other: Process;
const ways: Way[] = [];

beforeAll(async () => {
  cluster = await openCluster();
  other = await cluster.start(few);
}, 90_000);

afterEach(async () => {
  await cluster.leave();
  await Promise.all(ways.splice(0).map((way) => way.close()));
});

afterAll(() => cluster.close());

interface Mover {
  readonly mine: Room;
  readonly theirs: Room;
  readonly heard: string[];
  /** Why it was given a snapshot after its first. */
  readonly snapshots: unknown[];
  readonly way: Way;
}

/** One for each log and wire, with somebody who stays in the same room at the other process. */
async function enterAll(victim: Process): Promise<readonly Mover[]> {
  const cases = everyKind.flatMap((kind) => wires.map((wire) => ({ kind, wire })));
  return Promise.all(cases.map(({ kind, wire }) => enterOne(victim, kind, wire)));
}

async function enterOne(victim: Process, kind: Kind, wire: typeof binaryWire | undefined): Promise<Mover> {
  const id = randomUUID();
  const way = await openWay(victim.port);
  ways.push(way);
  const client = cluster.enter([way], "eve", { limits: hasty, ...(wire !== undefined && { wire }) });
  const mine = enterRoom(client, kind, id);
  const theirs = enterRoom(cluster.enter([other], "ann"), kind, id);
  const [heard, snapshots]: [string[], unknown[]] = [[], []];
  mine.onEntry(({ value }) => heard.push(value.text));
  await vi.waitFor(() => expect([mine.status.kind, theirs.status.kind]).toEqual(["live", "live"]), 20_000);
  let last = mine.lastResume;
  mine.onChange(() => {
    if (mine.lastResume !== last && mine.lastResume?.why !== undefined) snapshots.push(mine.lastResume.why);
    last = mine.lastResume;
  });
  return { mine, theirs, heard, snapshots, way };
}

async function put({ theirs }: Mover, what: string, count: number): Promise<readonly string[]> {
  const texts = Array.from({ length: count }, (_, index) => `${what} ${index}`);
  // No more than a member may have waiting.
  for (let at = 0; at < count; at += 50) await Promise.all(texts.slice(at, at + 50).map((text) => theirs.call("put", { text })));
  return texts;
}

/** It stands where the other one does, by entries alone or by a snapshot, and goes on. */
async function goesOn(mover: Mover, expected: readonly string[]): Promise<void> {
  const { mine, theirs } = mover;
  await vi.waitFor(() => expect(mine.state?.texts.length).toBe(expected.length), 30_000);
  expect(mine.state?.texts).toEqual(expected);
  await mine.call("put", { text: "from here" });
  await vi.waitFor(() => expect([mine, theirs].map((room) => room.state?.texts.at(-1))).toEqual(["from here", "from here"]), 20_000);
}

test("a member that is away while its process is killed and the history goes on, past checkpoints and trims, resumes exactly at the other one", async () => {
  const victim = await cluster.start(few);
  const movers = await enterAll(victim);
  const before = await Promise.all(movers.map((mover) => put(mover, "before", 150)));
  await vi.waitFor(() => expect(movers.map(({ heard }) => heard.length)).toEqual(movers.map(() => 150)), 20_000);

  for (const { way } of movers) way.leadTo(undefined);
  await victim.program.stop("SIGKILL");
  const leftAt = performance.now();
  const away = await Promise.all(movers.map((mover) => put(mover, "away", 190)));
  // The time away is what is shown.
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, awayMs - (performance.now() - leftAt))));
  for (const { way } of movers) way.leadTo(other.port);

  for (const [index, mover] of movers.entries()) {
    const all = [...before[index]!, ...away[index]!];
    await goesOn(mover, all);
    expect(mover.heard).toEqual([...all, "from here"]);
    expect(mover.snapshots).toEqual([]);
    // What is that far back is gone.
    expect((await readHistory<RoomFacts>(mover.mine, 100)).entries).toEqual([]);
  }
}, 90_000);

test("a member that comes back within 50 ms of the death of its process resumes exactly at the other one", async () => {
  const victim = await cluster.start(few);
  const movers = await enterAll(victim);
  const before = await Promise.all(movers.map((mover) => put(mover, "before", 20)));
  await vi.waitFor(() => expect(movers.map(({ heard }) => heard.length)).toEqual(movers.map(() => 20)), 20_000);

  for (const { way } of movers) way.leadTo(other.port);
  const [, ...away] = await Promise.all([victim.program.stop("SIGKILL"), ...movers.map((mover) => put(mover, "away", 20))]);

  for (const [index, mover] of movers.entries()) {
    const all = [...before[index]!, ...away[index]!];
    await goesOn(mover, all);
    expect(mover.heard).toEqual([...all, "from here"]);
    expect(mover.snapshots).toEqual([]);
  }
}, 60_000);

test("a member that had received nothing before its process was killed gets everything at the other one, each entry once", async () => {
  const victim = await cluster.start(few);
  const movers = await enterAll(victim);

  for (const { way } of movers) way.leadTo(undefined);
  await victim.program.stop("SIGKILL");
  const away = await Promise.all(movers.map((mover) => put(mover, "away", 30)));
  for (const { way } of movers) way.leadTo(other.port);

  for (const [index, mover] of movers.entries()) {
    await goesOn(mover, away[index]!);
    expect(mover.heard).toEqual([...away[index]!, "from here"]);
    expect(mover.snapshots).toEqual([]);
  }
}, 60_000);

test("a member that was away for longer than entries are kept is told so, and goes on from a snapshot", async () => {
  const victim = await cluster.start(few);
  const movers = await enterAll(victim);
  const before = await Promise.all(movers.map((mover) => put(mover, "before", 10)));
  await vi.waitFor(() => expect(movers.map(({ heard }) => heard.length)).toEqual(movers.map(() => 10)), 20_000);

  for (const { way } of movers) way.leadTo(undefined);
  await victim.program.stop("SIGKILL");
  const away = await Promise.all(movers.map((mover) => put(mover, "away", 400)));
  for (const { way } of movers) way.leadTo(other.port);

  for (const [index, mover] of movers.entries()) {
    await goesOn(mover, [...before[index]!, ...away[index]!]);
    expect(mover.heard).toEqual([...before[index]!, "from here"]);
    expect(["far", "gap"]).toContain(mover.snapshots[0]);
  }
}, 90_000);
