import { expect, test } from "vitest";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import { Bench, type FrameOf, uncaughtOf } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import type { RoomOptions } from "./room-types.ts";
import { entry, positionAfter, room, snapshot, sum } from "./sum.fixture.ts";

type Expected = NonNullable<RoomOptions<typeof sum>["expect"]>;
const adds: Expected = { add: (_state, { by }) => ({ by }) };

async function open(
  expected: Expected = adds,
): Promise<{ readonly bench: Bench; readonly joined: ClientRoom<typeof sum>; readonly calls: () => readonly FrameOf<"call">[] }> {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" }, { expect: expected });
  await bench.run();
  return { bench, joined, calls: () => bench.of("call") };
}

function call(joined: ClientRoom<typeof sum>, by: number): void {
  joined.call("add", { by }).catch(() => {});
}

test("what a call is expected to append shows at once, and the confirmed state does not", async () => {
  const { joined } = await open();

  call(joined, 5);

  expect([joined.state, joined.confirmedState]).toEqual([{ sum: 5 }, { sum: 0 }]);
});

test("a call that is expected to append several entries, or none, shows just that", async () => {
  const { joined } = await open({ add: (_state, { by }) => (by > 0 ? [{ by }, { by: 100 }] : undefined) });

  call(joined, 5);
  call(joined, 0);

  expect(joined.state).toEqual({ sum: 105 });
});

test("its own entry takes its place, though the reply has not come", async () => {
  const { bench, joined, calls } = await open();
  call(joined, 1);
  await bench.run();

  bench.line.say(entry(1, calls()[0]?.callId));

  expect([joined.state, joined.pending.length]).toEqual([{ sum: 1 }, 1]);
});

test("a refusal removes it", async () => {
  const { bench, joined, calls } = await open();
  call(joined, 1);
  await bench.run();

  bench.line.say({ kind: "refused", id: calls()[0]?.id ?? 0, position: undefined, code: "TOO_MUCH", data: undefined });

  expect([joined.state, joined.pending]).toEqual([{ sum: 0 }, []]);
});

test("it is expected anew on each state, as others change that", async () => {
  const { bench, joined } = await open({ add: (state, { by }) => ({ by: state.sum >= 3 ? 0 : by }) });
  call(joined, 5);
  const seen = [joined.state];

  for (const count of [1, 2]) {
    bench.line.say(entry(count));
    seen.push(joined.state);
  }

  expect(seen).toEqual([{ sum: 5 }, { sum: 6 }, { sum: 3 }]);
});

test("a call that is accepted without an entry goes with its reply, in one change", async () => {
  const { bench, joined, calls } = await open();
  call(joined, 5);
  await bench.run();
  const states: unknown[] = [];
  joined.onChange(() => states.push(joined.state));

  bench.line.say({ kind: "accepted", id: calls()[0]?.id ?? 0, position: positionAfter(0), result: undefined });
  await bench.run();

  expect(states).toEqual([{ sum: 0 }]);
});

test("the shown state never goes back and forth while an accepted call's entry is on its way", async () => {
  const { bench, joined, calls } = await open();
  call(joined, 1);
  await bench.run();
  const sums: unknown[] = [];
  joined.onChange(() => sums.push(joined.state?.sum));

  bench.line.say({ kind: "accepted", id: calls()[0]?.id ?? 0, position: positionAfter(1), result: undefined });
  await bench.run();
  bench.line.say(entry(1));
  await bench.run();

  expect([new Set(sums), joined.pending]).toEqual([new Set([1]), []]);
});

test("two pending calls show in their order", async () => {
  const { joined } = await open({ add: (state, { by }) => ({ by: state.sum * 9 + by }) });

  call(joined, 1);
  call(joined, 2);

  expect(joined.state).toEqual({ sum: 1 + 9 + 2 });
});

test("an expectation that throws shows nothing of its call, hurts no other, and is heard of", async () => {
  const fault = new Error("of the expectation");
  const { bench, joined } = await open({
    add: (_state, { by }) => {
      if (by === 1) throw fault;
      return { by };
    },
  });

  const uncaught = await uncaughtOf(async () => {
    call(joined, 1);
    call(joined, 2);
    await bench.run();
    expect(joined.state).toEqual({ sum: 2 });
  });

  expect(new Set(uncaught)).toEqual(new Set([fault]));
  expect([bench.of("call").length, joined.status.kind]).toEqual([2, "live"]);
});

test("an expectation knows who one is", async () => {
  const seen: unknown[] = [];
  const { joined } = await open({ add: (_state, _input, self) => void seen.push(self) });

  call(joined, 1);
  void joined.state;

  expect(seen).toEqual([{ id: "ann", name: "Ann" }]);
});

test("what is expected of calls may be changed, and counts from the next change on", async () => {
  const { bench, joined } = await open({});
  call(joined, 5);
  const before = joined.state;

  joined.expect(adds);
  bench.line.say(entry(1));

  expect([before, joined.state]).toEqual([{ sum: 0 }, { sum: 6 }]);
});

test("a snapshot keeps what is pending", async () => {
  const { bench, joined } = await open();
  call(joined, 100);

  bench.line.say({ ...snapshot(3), why: "gap" });

  expect([joined.state, joined.confirmedState]).toEqual([{ sum: 106 }, { sum: 6 }]);
});

test("a fold that changes its state in place changes only a copy for what is expected", async () => {
  const list = defineRoom("sum/{id}", {
    log: "durable",
    entry: type<{ by: number }>(),
    state: type<number[]>(),
    calls: { add: { input: type<{ by: number }>() } },
  }).fold(
    () => [],
    (state: number[], { by }) => {
      state.push(by);
      return state;
    },
  );
  const bench = new Bench();
  bench.answers.join = ({ id }, line) => {
    const payload = { format: "json", bytes: new TextEncoder().encode("[]") } as const;
    line.say({ kind: "joined", id, room, head: positionAfter(0), snapshot: "new" }, { ...snapshot(0), payload });
  };
  const joined = bench.client.join(list, { id: "1" }, { expect: { add: (_state, { by }) => ({ by }) } });
  await bench.run();
  joined.call("add", { by: 7 }).catch(() => {});
  joined.call("add", { by: 8 }).catch(() => {});
  await bench.run();

  const shown = [...(joined.state ?? [])];
  bench.line.say(entry(1));
  const after = [joined.state, [...(joined.confirmedState ?? [])]];

  expect([shown, after]).toEqual([
    [7, 8],
    [[1, 7, 8], [1]],
  ]);
});
