import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, openCluster, type Process } from "./cluster.ts";
import { enterRoom, everyKind } from "./rooms.ts";

let cluster: Cluster;
let processes: readonly Process[];

beforeAll(async () => {
  cluster = await openCluster();
  processes = await Promise.all([cluster.start(), cluster.start()]);
}, 90_000);

afterEach(() => cluster.leave());

afterAll(() => cluster.close());

test.each(everyKind)(
  "members of a %s room on two processes see one order of 1,000 calls that are made at once",
  async (kind) => {
    const id = randomUUID();
    const rooms = Array.from({ length: 40 }, (_, who) => enterRoom(cluster.enter([processes[who % 2]!], `user ${who}`), kind, id));
    const heard = rooms.map((): string[] => []);
    for (const [who, room] of rooms.entries()) room.onEntry(({ value }) => heard[who]!.push(value.text));
    await vi.waitFor(() => expect(new Set(rooms.map(({ status }) => status.kind))).toEqual(new Set(["live"])), 20_000);

    const calls = rooms.flatMap((room, who) => Array.from({ length: 25 }, (_, index) => room.call("put", { text: `${who}.${index}` })));
    const outcomes = await Promise.all(calls);

    // Who was given a snapshot stands there too, and has heard less.
    const standings = (): ReadonlySet<string> => new Set(rooms.map(({ position }, who) => `${heard[who]!.length} heard, at ${position?.count}`));
    await vi.waitFor(() => expect(standings()).toEqual(new Set(["1000 heard, at 1000"])), 30_000);
    expect(new Set(heard.map((texts) => texts.join()))).toHaveLength(1);
    expect(new Set(heard[0])).toHaveLength(1_000);
    // Each was decided on the state that the one before it made.
    expect(new Set(outcomes.map((outcome) => outcome.kind === "accepted" && outcome.result.length))).toEqual(
      new Set(Array.from({ length: 1_000 }, (_, at) => at + 1)),
    );
    expect(new Set(rooms.map((room) => room.state?.texts.join()))).toEqual(new Set([heard[0]!.join()]));
  },
  60_000,
);

test.each(everyKind)(
  "of two calls to a %s room that exclude each other, made on two processes at once, one is accepted and one refused, 100 times",
  async (kind) => {
    const id = randomUUID();
    const rooms = ["ann", "bob"].map((user, at) => enterRoom(cluster.enter([processes[at]!], user), kind, id));

    for (let round = 0; round < 100; round++) {
      const [ann, bob] = await Promise.all(rooms.map((room, at) => room.call("claim", { round, by: ["ann", "bob"][at]! })));
      const winner = ann!.kind === "accepted" ? "ann" : "bob";
      expect([ann!.kind, bob!.kind].toSorted()).toEqual(["accepted", "refused"]);
      expect(winner === "ann" ? bob : ann).toMatchObject({ code: "TAKEN", data: { by: winner } });
    }

    await vi.waitFor(() => expect(rooms.map((room) => room.state?.texts.length)).toEqual([100, 100]), 20_000);
    expect(rooms[0]!.state).toEqual(rooms[1]!.state);
  },
  60_000,
);
