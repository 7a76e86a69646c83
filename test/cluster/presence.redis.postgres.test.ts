import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, openCluster, type Process } from "./cluster.ts";
import { enterRoom, everyKind, type Room } from "./rooms.ts";

/** `CLUSTER_KILLS=50` for a longer run, which also says how long it took until the killed were gone. */
const kills = Number(process.env["CLUSTER_KILLS"] ?? 3);
/** As promised; and as a crowded machine may need. */
const goneWithinMs = process.env["CLUSTER_KILLS"] === undefined ? 15_000 : 6_000;

let cluster: Cluster;
let processes: readonly Process[];

beforeAll(async () => {
  cluster = await openCluster();
  processes = await Promise.all([cluster.start(), cluster.start()]);
}, 90_000);

afterEach(() => cluster.leave());

afterAll(() => cluster.close());

function seenBy(room: Room): readonly string[] {
  return room.people.map(({ userId }) => userId).toSorted((a, b) => a.localeCompare(b));
}

/** Enters both kinds of rooms, shown. */
function show(to: readonly { readonly port: number }[], user: string, id: string): readonly Room[] {
  const client = cluster.enter(to, user);
  return everyKind.map((kind) => enterRoom(client, kind, id, { presence: { at: 1 } }));
}

async function untilAllSee(rooms: readonly Room[], users: readonly string[]): Promise<void> {
  await vi.waitFor(() => {
    for (const room of rooms) expect(seenBy(room)).toEqual(users);
  }, 30_000);
}

/** Whom somebody has missed who was there all the time. */
function watchFor(users: readonly string[], rooms: readonly Room[]): ReadonlySet<string> {
  const missed = new Set<string>();
  for (const room of rooms) {
    room.onChange(() => {
      const seen = new Set(seenBy(room));
      if (room.status.kind === "live") for (const user of users) if (!seen.has(user)) missed.add(user);
    });
  }
  return missed;
}

test(
  "who is here is the same on all processes; who was on one that is killed is soon gone on the others, each time, and nobody else",
  async () => {
    const id = randomUUID();
    const stayers = ["s0", "s1", "s2", "s3", "s4", "s5"];
    const rooms = stayers.flatMap((user, at) => show([processes[at % 2]!], user, id));
    await untilAllSee(rooms, stayers);
    const missed = watchFor(stayers, rooms);
    const tookMs: number[] = [];

    for (let round = 0; round < kills; round++) {
      const victim = await cluster.start();
      const theirs = ["v0", "v1", "v2"].flatMap((user) => show([victim], user, id));
      await untilAllSee([...rooms, ...theirs], [...stayers, "v0", "v1", "v2"]);

      await victim.program.stop("SIGKILL");
      const killedAt = performance.now();
      await vi.waitFor(() => expect(new Set(rooms.flatMap(seenBy))).toEqual(new Set(stayers)), { timeout: goneWithinMs, interval: 20 });
      tookMs.push(Math.round(performance.now() - killedAt));
      expect([...missed]).toEqual([]);
    }

    if (process.env["CLUSTER_KILLS"] !== undefined) process.stdout.write(`gone after ${tookMs.toSorted((a, b) => a - b).join(", ")} ms\n`);
  },
  60_000 + kills * 15_000,
);

test("nobody sees a person leave, neither who stays nor who moves, while all processes are stopped and started, one after the other", async () => {
  const id = randomUUID();
  const watcher = await cluster.start();
  const rolling = [await cluster.start(), await cluster.start()];
  const users = ["ann", ...Array.from({ length: 8 }, (_, at) => `r${at}`)].toSorted((a, b) => a.localeCompare(b));
  const mine = show([watcher], "ann", id);
  // Each has two addresses, and begins by either.
  const theirs = users.filter((user) => user !== "ann").flatMap((user, at) => show(at % 2 === 0 ? rolling : rolling.toReversed(), user, id));
  await untilAllSee([...mine, ...theirs], users);
  const missed = watchFor(users, [...mine, ...theirs]);

  for (const { program, port } of rolling) {
    expect(await program.stop("SIGTERM")).toBe(0);
    const started = await cluster.start({ PORT: `${port}` });
    await vi.waitFor(() => expect(new Set(theirs.map(({ status }) => status.kind))).toEqual(new Set(["live"])), 30_000);
    // A process is there for a moment before others send it their people: by then it hears them.
    await vi.waitFor(async () => expect((await started.received())["processes"]).toBeGreaterThan(10), 10_000);
  }
  // A person who had not come back would be gone by then.
  await new Promise((resolve) => setTimeout(resolve, 6_000));

  await untilAllSee([...mine, ...theirs], users);
  expect([...missed]).toEqual([]);
}, 90_000);

test("whoever does not come back from a process that was stopped is gone after the grace", async () => {
  const id = randomUUID();
  const stopped = await cluster.start();
  const mine = show([processes[0]!], "ann", id);
  show([stopped], "bob", id);
  await untilAllSee(mine, ["ann", "bob"]);

  await stopped.program.stop("SIGTERM");

  await vi.waitFor(() => expect(mine.map(seenBy)).toEqual([["ann"], ["ann"]]), 20_000);
}, 60_000);

test("when everybody has left, nothing of who was here is in Redis: no key, but the logs of volatile rooms", async () => {
  const id = randomUUID();
  const rooms = ["ann", "bob"].flatMap((user, at) => show([processes[at]!], user, id));
  await untilAllSee(rooms, ["ann", "bob"]);
  await rooms[0]!.call("put", { text: "so that the room has a log" });
  await cluster.leave();

  const keys = cluster.redis.command("--scan").split("\n").filter(Boolean);

  const logKeys = /:(head|entries|shown|erased|outcomes|outcomes-by-time|ending-by-time|ending-by-end|checkpoint):(notes\/|nexios\/rights)|:(changed|due)$/;
  expect(keys.some((key) => key.includes(id))).toBe(true);
  expect(keys.filter((key) => !logKeys.test(key))).toEqual([]);
}, 60_000);
