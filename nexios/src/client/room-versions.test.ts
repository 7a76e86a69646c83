import { expect, test } from "vitest";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import { Bench, uncaughtOf } from "./bench.fixture.ts";
import { entries, entry, failure, joinedBy, positionAfter, room, snapshot, sum } from "./sum.fixture.ts";

/** The sum of a version, whose fold does what a test says. */
function sumOf(version: number, evolve = (state: { sum: number }, { by }: { by: number }) => ({ sum: state.sum + by })): typeof sum {
  const contract = defineRoom("sum/{id}", {
    log: "durable",
    entry: type<{ by: number }>(),
    state: type<{ sum: number }>(),
    calls: { add: { input: type<{ by: number }>() } },
    version,
  }).fold({ sum: 0 }, evolve);
  return contract as unknown as typeof sum;
}

test("an entry of a later version stops the room, which keeps its pending calls", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();
  const call = joined.call("add", { by: 5 }).catch((error: unknown) => error);

  bench.line.say(entry(1), { ...entry(2), version: 2 }, entry(3));
  await bench.run(1_000);
  const later = joined.call("add", { by: 6 }).catch((error: unknown) => error);

  expect([joined.status, joined.confirmedState, joined.pending.length]).toEqual([{ kind: "outdated", code: "OUTDATED" }, { sum: 1 }, 1]);
  expect([bench.of("leave").length, bench.lines.length]).toEqual([1, 1]);
  expect(await later).toMatchObject({ code: "OUTDATED" });
  await bench.run(30_000);
  expect(await call).toMatchObject({ code: "UNKNOWN_OUTCOME" });
});

test("a snapshot of a later version stops the room too", async () => {
  const bench = new Bench();
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(1), snapshot: "new" }, { ...snapshot(1), version: 2 });
  const joined = bench.client.join(sum, { id: "1" });

  await bench.run(10_000);

  expect([joined.status.kind, bench.of("join").length]).toEqual(["outdated", 1]);
});

test("a version that is no longer served makes room and client outdated, and what is pending waits for the page that comes after", async () => {
  const bench = new Bench();
  bench.answers.join = ({ id }, line) => {
    line.say(failure(id, "OUTDATED"));
    line.end("OUTDATED");
  };
  const joined = bench.client.join(sum, { id: "1" });
  const call = joined.call("add", { by: 5 }).catch((error: unknown) => error);

  await bench.run(1_000);

  expect([joined.status.kind, bench.client.status.kind, joined.pending.length]).toEqual(["outdated", "outdated", 1]);
  await bench.run(30_000);
  expect(await call).toMatchObject({ code: "UNAVAILABLE" });
});

test("a newer contract is taken where it is given, and begins with a snapshot", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();
  bench.line.say(entry(1), { ...entry(2), version: 2 });
  await bench.run();
  const newer = sumOf(2, (state, { by }) => ({ sum: state.sum + 10 * by }));
  bench.answers.join = ({ id }, line) =>
    line.say({ kind: "joined", id, room, head: positionAfter(2), snapshot: "new" }, { ...snapshot(2), version: 2 }, { ...entry(3), version: 2 });

  const same = bench.client.room(newer, { id: "1" });
  await bench.run();

  expect([same === joined, joined.contract]).toEqual([true, newer]);
  expect(bench.of("join").map(({ version, since }) => [version, since])).toEqual([
    [1, undefined],
    [2, undefined],
  ]);
  expect([joined.state, joined.status.kind]).toEqual([{ sum: 33 }, "live"]);
});

test("a newer contract takes the place of a join that is under way", async () => {
  const bench = new Bench();
  const replies: (() => void)[] = [];
  bench.answers.join = (frame, line) => void replies.push(() => line.say(...joinedBy(frame), { ...entry(1), version: frame.version }));
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.client.room(sumOf(2), { id: "1" });
  await bench.run();
  replies[0]?.();
  const early = joined.state;
  replies[1]?.();

  expect(bench.of("join").map(({ version }) => version)).toEqual([1, 2]);
  expect([early, joined.state, joined.status.kind]).toEqual([undefined, { sum: 1 }, "live"]);
});

test("a newer contract for a room that nobody holds shows nothing of the old one", () => {
  const bench = new Bench();
  const made = bench.client.room(sum, { id: "1" });

  bench.client.room(sumOf(2), { id: "1" });

  expect([made.contract.version, made.state, made.status.kind]).toEqual([2, undefined, "idle"]);
  expect(bench.lines).toEqual([]);
});

test("a room that was left and gets a newer contract shows no state of the old one", async () => {
  const bench = new Bench({ limits: { lingerMs: 0 } });
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();
  made.leave();
  await bench.run();
  const before = made.state;

  bench.client.room(sumOf(2), { id: "1" });

  expect([before, made.state, made.confirmedState, made.position]).toEqual([{ sum: 0 }, undefined, undefined, undefined]);
});

test("entries of an older version are lifted", async () => {
  const lifting = defineRoom("sum/{id}", {
    log: "durable",
    entry: type<{ by: number }>(),
    state: type<{ sum: number }>(),
    version: 2,
    upgrade: { entry: (value) => ({ by: (value as { readonly by: number }).by * 100 }), state: () => ({ sum: 1_000 }) },
  }).fold({ sum: 0 }, (state, { by }) => ({ sum: state.sum + by }));
  const bench = new Bench();
  const joined = bench.client.join(lifting, { id: "1" });
  await bench.run();

  bench.line.say(entry(1), { ...entry(2), version: 2 });

  expect(joined.state).toEqual({ sum: 1_102 });
});

test("a fold that throws is heard of once, and a snapshot is the way round it; other rooms go on", async () => {
  const fault = new Error("of the fold");
  const failing = sumOf(1, (state, { by }) => {
    if (by === 2) throw fault;
    return { sum: state.sum + by };
  });
  const bench = new Bench();
  bench.answers.join = (frame, line) => {
    const number = Number(frame.room.slice(4));
    const isAgain = bench.of("join").filter((other) => other.room === frame.room).length > 1;
    const replies = isAgain ? [{ kind: "joined", id: frame.id, room: number, head: positionAfter(3), snapshot: "new" } as const, snapshot(3)] : joinedBy(frame);
    line.say(...replies.map((reply) => ({ ...reply, room: number })));
  };
  const [joined, other] = [bench.client.join(failing, { id: "1" }), bench.client.join(sum, { id: "2" })];
  await bench.run();

  const uncaught = await uncaughtOf(async () => {
    bench.line.say(...entries(3).flatMap((each) => [1, 2].map((number) => ({ ...each, room: number }))));
    await bench.run(2_000);
  });

  expect(uncaught).toEqual([fault]);
  expect(bench.of("join").map(({ room: name, since }) => [name, since])).toEqual([
    ["sum/1", undefined],
    ["sum/2", undefined],
    ["sum/1", undefined],
  ]);
  expect([joined.state, joined.status.kind, other.state, bench.lines.length]).toEqual([{ sum: 6 }, "live", { sum: 6 }, 1]);
});

test("a state that the contract can never read is asked for less and less often", async () => {
  const unreadable = defineRoom("sum/{id}", {
    log: "durable",
    entry: type<{ by: number }>(),
    state: type<{ sum: number }>(),
    version: 2,
    upgrade: {
      state: () => {
        throw new Error("of the upgrade");
      },
    },
  }).fold({ sum: 0 }, (state) => state);
  const bench = new Bench();
  bench.client.join(unreadable, { id: "1" });

  const uncaught = await uncaughtOf(() => bench.run(30_000));

  expect(bench.of("join").length).toBe(uncaught.length);
  expect(uncaught.length).toBeGreaterThan(3);
  expect(uncaught.length).toBeLessThan(15);
});
