import { afterEach, expect, test, vi } from "vitest";
import { House } from "../../nexios/src/rooms/house.fixture.ts";
import { Cluster } from "../../nexios/src/simulation/cluster.ts";
import type { Device } from "../../nexios/src/simulation/device.ts";
import { createRandom } from "../../nexios/src/simulation/random.ts";
import { type Board, board, serveBoard } from "./board.ts";

let house = new House();

afterEach(async () => {
  vi.restoreAllMocks();
  await house.close();
  house = new House();
});

/** Two processes, each with a member of one board. */
class Pair {
  readonly cluster: Cluster;
  readonly devices: readonly Device[];
  readonly rooms: readonly Board[];
  /** Notes whose calls were answered. */
  readonly acknowledged = new Set<string>();

  constructor(seed: number) {
    this.cluster = new Cluster({ random: createRandom(seed), processes: 2, rooms: [[serveBoard()]] });
    this.cluster.start();
    this.devices = [0, 1].map((process) => this.cluster.addDevice(`member ${process}`, { id: `user-${process}`, name: "" }, process));
    this.rooms = this.devices.map((device) => device.enter(board, { id: "1" }));
    for (const device of this.devices) device.start();
  }

  run(ms: number): Promise<void> {
    return this.cluster.scheduler.run(ms);
  }

  /** Some of them pin a note each tenth of a second. */
  async pinFor(ms: number, prefix: string, rooms = this.rooms): Promise<void> {
    for (let at = 0; at < ms; at += 100) {
      for (const [index, room] of rooms.entries()) {
        const note = `${prefix} ${at} ${index}`;
        void room.call("pin", { note }).then(() => this.acknowledged.add(note));
      }
      await this.run(100);
    }
  }

  get states(): readonly (readonly string[] | undefined)[] {
    return this.rooms.map(({ state }) => state);
  }
}

test("while the broker is away for 10 s calls are decided, and once it is back all members have all entries, in one order", async () => {
  const pair = new Pair(2);
  await pair.run(1_000);

  pair.cluster.broker.away(10_000);
  await pair.pinFor(5_000, "both");
  // Who calls reads what others have written. The other process is to find it without a call of its own.
  await pair.pinFor(5_000, "one", pair.rooms.slice(0, 1));
  const decided = pair.acknowledged.size;
  await pair.run(5_000);

  const [first, second] = pair.states;
  expect(decided).toBeGreaterThan(140);
  expect(new Set(first)).toEqual(pair.acknowledged);
  expect([first?.length, second]).toEqual([150, first]);
  expect(pair.cluster.findings.violations).toEqual([]);
  pair.cluster.close();
});

test("whatever the broker doubles, reorders and delays by up to 5 s, members get each entry once and in order", async () => {
  const pair = new Pair(3);
  const seen: number[][] = [[], []];
  for (const [process, room] of pair.rooms.entries()) room.onEntry(({ count }) => seen[process]?.push(count));
  await pair.run(1_000);

  pair.cluster.broker.lossy({ ms: 5_000, lose: 0, double: 1, reorder: 0.5, delayMs: 5_000 });
  await pair.pinFor(5_000, "note", pair.rooms.slice(0, 1));
  await pair.run(10_000);

  const all = Array.from({ length: 50 }, (_, at) => at + 1);
  expect(seen).toEqual([all, all]);
  expect(pair.states[1]).toEqual(pair.states[0]);
  expect(pair.cluster.findings.violations).toEqual([]);
  pair.cluster.close();
});

test("an entry that is appended while a member joins is in its snapshot or comes behind it, once", async () => {
  const pair = new Pair(4);
  await pair.run(1_000);
  const late: { readonly room: Board; readonly behind: string[] }[] = [];

  for (let index = 0; index < 20; index++) {
    const device = pair.cluster.addDevice(`late ${index}`, { id: `late-${index}`, name: "" });
    const room = device.enter(board, { id: "1" });
    const behind: string[] = [];
    room.onEntry(({ value }) => behind.push(value.note));
    late.push({ room, behind });
    device.start();
    await pair.pinFor(100, `note ${index}`);
  }
  await pair.run(2_000);

  const all = pair.rooms[0]?.state ?? [];
  expect(all).toHaveLength(40);
  for (const { room, behind } of late) {
    expect(room.state).toEqual(all);
    expect(behind).toEqual(all.slice(all.length - behind.length));
  }
  // For some of them while they were on their way in.
  expect(late.filter(({ room }) => (room.lastResume?.entries ?? 0) > 0).length).toBeGreaterThan(0);
  expect(pair.cluster.findings.violations).toEqual([]);
  pair.cluster.close();
});

test("a thousand writers at once on two processes are one order, which all members of both processes see", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const members = [a, a, b, b].map((process, index) => house.connect(process, `member-${index}`));
  for (const member of members) await house.join(member, "counter/1");
  const all = Array.from({ length: 1_000 }, (_, at) => at + 1);

  const replies = await Promise.all(
    all.map((index) => (index % 2 === 0 ? a : b).call("counter/1", { name: "add", input: { by: 1 }, user: { id: `writer-${index}`, name: "" } })),
  );
  while (members.some((member) => member.of("entry").length < 1_000)) await house.settle();

  const seen = members.map((member) => member.of("entry").map(({ count, check, callId }) => [count, check, callId]));
  expect(replies.filter(({ kind }) => kind !== "accepted")).toEqual([]);
  expect(seen[0]?.map(([count]) => count)).toEqual(all);
  for (const each of seen) expect(each).toEqual(seen[0]);
});

test("ten thousand members that resume at once read the log once, and not once each", async () => {
  const writing = await house.open();
  const ann = house.connect(writing, "ann");
  const room = await house.join(ann, "counter/1");
  for (let by = 1; by <= 5; by++) house.add(ann, room, by);
  await house.settle();
  const [first] = ann.of("entry");
  const since = { epoch: first?.epoch ?? "", count: 1, check: first?.check ?? 0 };
  const process = await house.open();
  const read = vi.spyOn(house.log, "readPublic");
  const seats = Array.from({ length: 10_000 }, (_, index) => house.connect(process, `user-${index}`));
  // To read what all of them get would take most of the time.
  for (const seat of seats.slice(1)) seat.send = (message) => void seat.messages.push(message);

  for (const seat of seats) seat.ask({ kind: "join", id: 1, room: "counter/1", version: 1, since, presence: undefined });
  while (seats[0]?.story.length !== 4 || seats.some(({ messages }) => messages.length < (seats[0]?.messages.length ?? 0))) {
    await house.settle();
  }

  const got = new Set(seats.map(({ messages }) => messages.map((message) => Buffer.from(message).toString("latin1")).join("\n")));
  expect(seats[0]?.story).toEqual([2, 3, 4, 5]);
  expect([got.size, read.mock.calls.length]).toEqual([1, 1]);
});
