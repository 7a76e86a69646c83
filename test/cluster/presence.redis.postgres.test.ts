import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, openCluster, type Process } from "./cluster.ts";
import { seenBy, show, untilAllSee, watchFor } from "./people.ts";
import { openWay } from "./way.ts";

let cluster: Cluster;
let processes: readonly Process[];

beforeAll(async () => {
  cluster = await openCluster();
  processes = await Promise.all([cluster.start(), cluster.start()]);
}, 90_000);

afterEach(() => cluster.leave());

afterAll(() => cluster.close());

test("nobody sees a person leave, neither who stays nor who moves, while all processes are stopped and started, one after the other", async () => {
  const id = randomUUID();
  const watcher = await cluster.start();
  const rolling = [await cluster.start(), await cluster.start()];
  const users = ["ann", ...Array.from({ length: 8 }, (_, at) => `r${at}`)].toSorted((a, b) => a.localeCompare(b));
  const mine = show(cluster, [watcher], "ann", id);
  // Each has two addresses, and begins by either.
  const theirs = users.filter((user) => user !== "ann").flatMap((user, at) => show(cluster, at % 2 === 0 ? rolling : rolling.toReversed(), user, id));
  await untilAllSee([...mine, ...theirs], users);
  const missed = watchFor(users, [...mine, ...theirs]);
  // Of the last process that is stopped, somebody who can't come back.
  const way = await openWay(rolling[1]!.port);
  show(cluster, [way], "zoe", id);
  await untilAllSee(mine, [...users, "zoe"]);
  way.leadTo(undefined);

  for (const { program, port } of rolling) {
    expect(await program.stop("SIGTERM")).toBe(0);
    await cluster.start({ PORT: `${port}` });
    await vi.waitFor(() => expect(new Set(theirs.map(({ status }) => status.kind))).toEqual(new Set(["live"])), 30_000);
  }
  // Whoever had not come back is gone with her.
  await untilAllSee([...mine, ...theirs], users);
  expect([...missed]).toEqual([]);
  await way.close();
}, 90_000);

test("whoever does not come back from a process that was stopped is gone after the grace", async () => {
  const id = randomUUID();
  const stopped = await cluster.start();
  const mine = show(cluster, [processes[0]!], "ann", id);
  show(cluster, [stopped], "bob", id);
  await untilAllSee(mine, ["ann", "bob"]);

  await stopped.program.stop("SIGTERM");

  await vi.waitFor(() => expect(mine.map(seenBy)).toEqual([["ann"], ["ann"]]), 20_000);
}, 60_000);

test("when everybody has left, nothing of who was here is in Redis: no key, but the logs of volatile rooms", async () => {
  const id = randomUUID();
  const rooms = ["ann", "bob"].flatMap((user, at) => show(cluster, [processes[at]!], user, id));
  await untilAllSee(rooms, ["ann", "bob"]);
  await rooms[0]!.call("put", { text: "so that the room has a log" });
  await cluster.leave();

  const keys = cluster.redis.command("--scan").split("\n").filter(Boolean);

  const logKeys = /:(head|entries|shown|erased|outcomes|outcomes-by-time|ending-by-time|ending-by-end|checkpoint):(notes\/|nexios\/rights)|:(changed|due)$/;
  expect(keys.some((key) => key.includes(id))).toBe(true);
  expect(keys.filter((key) => !logKeys.test(key))).toEqual([]);
}, 60_000);
