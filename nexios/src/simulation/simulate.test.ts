import { expect, test } from "vitest";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import { simulate } from "./simulate.ts";

const tally = defineRoom("tally/{id}", {
  log: "durable",
  entry: type<{ by: number }>(),
  state: type<{ sum: number }>(),
  presence: type<{ at: number }>(),
  signals: { wave: type<{ to: string }>() },
  calls: { add: { input: type<{ by: number }>(), result: type<{ sum: number }>(), refusals: { FULL: type<{ most: number }>() } } },
  questions: { double: { result: type<number>() } },
}).fold({ sum: 0 }, ({ sum }, { by }) => ({ sum: sum + by }));

const most = 1_000;

const tallies = tally.serve({
  authorize: ({ id }) => id !== "stranger",
  input: { add: { unchecked: true } },
  presence: { unchecked: true },
  signals: { wave: { unchecked: true } },
  decide: { add: ({ sum }, { by }) => (sum + by > most ? refuse("FULL", { most }) : accept({ by }, { sum: sum + by })) },
  questions: { double: ({ sum }) => sum * 2 },
});

/** The first failure's sentence. */
async function failureOf(running: Promise<void>): Promise<Error> {
  const failure: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof Error) return failure;
  throw new Error("It has not failed");
}

test("a room's calls, questions, people and signals are there, with their types", async () => {
  await simulate([tallies], { seeds: 1, faults: false }, async (world) => {
    const ann = world.client("ann").join(tally, { id: "1" }, { presence: { at: 1 } });
    const bob = world.client("bob").join(tally, { id: "1" }, { presence: { at: 2 } });
    const signals: unknown[] = [];
    bob.onSignal((signal) => signals.push(signal));
    await world.settle();

    expect(await ann.call("add", { by: 2 })).toMatchObject({ kind: "accepted", result: { sum: 2 }, kept: "stored", position: { count: 1 } });
    expect(await ann.call("add", { by: 2_000 })).toEqual({ kind: "refused", code: "FULL", data: { most } });
    expect(await bob.ask("double")).toEqual({ kind: "answered", value: 4 });
    ann.signal("wave", { to: "bob" });
    bob.show({ at: 3 });
    await world.settle();

    expect([bob.state, bob.position?.count]).toEqual([{ sum: 2 }, 1]);
    expect(signals).toEqual([{ name: "wave", userId: "ann", payload: { to: "bob" } }]);
    expect(new Map(ann.people.map(({ userId, state }) => [userId, state.at]))).toEqual(
      new Map([
        ["ann", 1],
        ["bob", 3],
      ]),
    );
  });
});

test("calls settle over kills, restarts and broken links, and all come to one state", async () => {
  await simulate([tallies], { seeds: 10 }, async (world) => {
    const rooms = ["ann", "bob", "cat"].map((name) => world.client(name).join(tally, { id: "1" }));
    const calls = rooms.flatMap((room) => [1, 2, 3].map((by) => room.call("add", { by })));
    world.kill(0);
    world.cut("bob");
    await world.run(500);
    world.restart(0);
    await Promise.all(calls);
    await world.settle();

    for (const room of rooms) expect(room.state).toEqual({ sum: 18 });
  });
});

test("the same seed gives the same run", async () => {
  const runs: string[] = [];
  for (let index = 0; index < 2; index++) {
    await simulate([tallies], { seeds: 3, from: 7 }, async (world) => {
      const ann = world.client("ann").join(tally, { id: "1" });
      await ann.call("add", { by: world.random.between(1, 100) });
      await world.settle();
      runs.push(JSON.stringify([ann.state, ann.position]));
    });
  }

  expect(runs.slice(3)).toEqual(runs.slice(0, 3));
});

test("a test that fails says under which seed, and how to replay it", async () => {
  const failure = await failureOf(
    simulate([tallies], { seeds: 5, from: 3 }, async (world) => {
      await world.run(10);
      if (world.random.next() < 2) throw new TypeError("not as it should be");
    }),
  );

  expect(failure.message).toContain("Seed 3 fails; replay it alone with { from: 3, seeds: 1 }");
  expect(failure.message).toContain("not as it should be");
  expect(failure.cause).toBeInstanceOf(TypeError);
});

test("a room whose fold depends on more than its entries is found", async () => {
  let calls = 0;
  const odd = defineRoom("odd/{id}", { log: "durable", entry: type<{ by: number }>(), state: type<number>(), calls: { add: {} } }).fold(
    0,
    (state) => state + (++calls % 3),
  );
  const odds = odd.serve({ authorize: () => true, decide: { add: () => accept({ by: 1 }) } });

  const failure = await failureOf(
    simulate([odds], { seeds: 3 }, async (world) => {
      const rooms = ["ann", "bob"].map((name) => world.client(name).join(odd, { id: "1" }));
      await Promise.all(rooms.map((room) => room.call("add")));
      await world.settle();
    }),
  );

  expect(failure.message).toContain("state: ");
});

test("a room's code that throws is found", async () => {
  const broken = defineRoom("broken/{id}", { log: "durable", entry: type<{ by: number }>(), state: type<number>(), calls: { add: {} } }).fold(
    0,
    (state) => state + 1,
  );
  const served = broken.serve({
    authorize: () => true,
    decide: {
      add() {
        throw new TypeError("a mistake in decide");
      },
    },
  });

  const failure = await failureOf(
    simulate([served], { seeds: 1 }, async (world) => {
      const room = world.client("ann").join(broken, { id: "1" });
      await expect(room.call("add")).rejects.toMatchObject({ code: "INTERNAL" });
    }),
  );

  expect(failure.message).toContain("a mistake in decide");
});

test("who may not be in a room learns it", async () => {
  await simulate([tallies], { seeds: 1 }, async (world) => {
    const stranger = world.client("stranger").join(tally, { id: "1" });

    await expect(stranger.call("add", { by: 1 })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

test("a test that waits for what never comes ends", async () => {
  const failure = await failureOf(simulate([tallies], { seeds: 1, faults: false }, () => new Promise<void>(() => {})));

  expect(failure.message).toContain("it waits for something that never comes");
});

test("nothing settles where no process lives, and that is said", async () => {
  const failure = await failureOf(
    simulate([tallies], { seeds: 1, processes: 1, faults: false }, async (world) => {
      world.client("ann").join(tally, { id: "1" });
      world.kill(0);
      await world.settle();
    }),
  );

  expect(failure.message).toContain("No process lives");
});
