import { expect, test } from "vitest";
import { z } from "zod";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import { type } from "../contract/type.ts";
import type { Known, Outcome, Tail } from "../log/log.ts";
import { emptyHead, seal } from "../log/seal.ts";
import { callIdAt } from "../protocol/call-id.fixture.ts";
import { type CallReply, outcomeKey, type RoomCall, type Wake } from "./call.ts";
import { decideBatch, type Decided, defaultCallRules, foldTail } from "./commit.ts";

const now = Date.UTC(2030, 0, 1);

const counter = defineRoom("counter/{id}", {
  log: "volatile",
  entry: type<{ by: number }>(),
  state: type<{ sum: number }>(),
  calls: { add: { input: type<{ by: number }>(), result: type<{ sum: number }>(), refusals: { TOO_MUCH: type<{ left: number }>() } } },
}).fold({ sum: 0 }, (state, { by }) => ({ sum: state.sum + by }));

const room = hostRoom(
  counter.serve({
    authorize: () => true,
    input: { add: z.object({ by: z.number() }) },
    decide: {
      add(state, { by }) {
        if (by === 13) throw new Error("thirteen");
        if (state.sum + by > 100) return refuse("TOO_MUCH", { left: 100 - state.sum });
        return accept({ by }, { sum: state.sum + by });
      },
    },
    wakeAt: (state) => {
      if (state.sum === 66) throw new Error("wake");
      return state.sum > 0 ? now + state.sum : undefined;
    },
    wake: () => accept([]),
  }),
);

function call(by: number, more: Partial<RoomCall> = {}): RoomCall {
  return {
    kind: "call",
    name: "add",
    input: { by },
    inputHash: `${by}`,
    user: { id: "ann", name: "Ann" },
    params: { id: "1" },
    callId: callIdAt(now),
    receivedAt: now,
    prepared: undefined,
    isRepeat: false,
    ...more,
  };
}

const empty: Tail = { head: { ...emptyHead("epoch"), callsSince: now - 1_000 }, entries: [] };

function decide(items: readonly (RoomCall | Wake)[], { tail = empty, known = new Map() }: { tail?: Tail; known?: Known } = {}): Decided {
  return decideBatch({ room, states: room.initial(), items, now, rules: defaultCallRules }, tail, known);
}

function knownFrom({ batch }: Decided): Known {
  return new Map((batch?.outcomes ?? []).map((outcome: Outcome) => [outcome.key, outcome]));
}

function shown(reply: CallReply | undefined): unknown {
  if (reply === undefined || reply.kind === "failed") return reply?.code;
  const value = reply.kind === "accepted" ? reply.result : reply.data;
  return [reply.kind === "accepted" ? reply.kind : reply.code, value && (JSON.parse(new TextDecoder().decode(value)) as unknown), reply.position.count];
}

test("calls that wait together are decided in order, each on all before it", () => {
  const { replies, batch, states } = decide([call(1), call(2), call(3)]);

  expect(replies.map(shown)).toEqual([
    ["accepted", { sum: 1 }, 1],
    ["accepted", { sum: 3 }, 2],
    ["accepted", { sum: 6 }, 3],
  ]);
  expect([batch?.entries.length, batch?.outcomes.length, batch?.wakeAt]).toEqual([3, 3, now + 6]);
  expect(states.public).toEqual({ sum: 6 });
});

test("a reply's position is the one that the log gives the entry", () => {
  const { replies, batch } = decide([call(1), call(2)]);

  const { entries } = seal(empty.head, batch!);

  expect(replies.map((reply) => reply.kind === "accepted" && reply.position)).toEqual(
    entries.map(({ public: part }) => ({ epoch: "epoch", count: part?.position, check: part?.check })),
  );
});

test("a call that was decided before is answered again, and takes effect once", () => {
  const first = call(5);
  const before = decide([first]);
  const tail = { head: seal(empty.head, before.batch!).head, entries: [] };

  const again = decideBatch({ room, states: before.states, items: [first, first], now, rules: defaultCallRules }, tail, knownFrom(before));

  expect(again.replies).toEqual([before.replies[0], before.replies[0]]);
  expect(again.batch).toBeUndefined();
});

test("a call that is sent twice in one batch takes effect once", () => {
  const twice = call(5);

  const { replies, batch } = decide([twice, twice]);

  expect(replies[1]).toEqual(replies[0]);
  expect(batch?.entries).toHaveLength(1);
});

test("the same id with another input is another call, and is not decided", () => {
  const first = call(5);

  const { replies, batch } = decide([first, { ...first, input: { by: 6 }, inputHash: "6" }]);

  expect(replies.map(shown)).toEqual([["accepted", { sum: 5 }, 1], "CALL_ID_REUSED"]);
  expect(batch?.entries).toHaveLength(1);
});

test("the same id of another user is another call", () => {
  const ann = call(1);
  const bob = { ...ann, user: { id: "bob", name: "Bob" } };

  expect(decide([ann, bob]).batch?.entries).toHaveLength(2);
  expect(outcomeKey({ user: { id: "a", name: "" }, callId: "b:c" })).not.toBe(outcomeKey({ user: { id: "a:b", name: "" }, callId: "c" }));
});

test("a first refusal is not written, that of a repeated call is, for a while", () => {
  const refused = call(101);

  const first = decide([refused]);
  const repeated = decide([{ ...refused, isRepeat: true }]);

  expect(first.replies.map(shown)).toEqual([["TOO_MUCH", { left: 100 }, 0]]);
  expect(first.batch).toBeUndefined();
  expect(repeated.batch?.outcomes.map(({ keepUntil }) => keepUntil)).toEqual([now + 120_000]);
  expect(decide([call(1, { callId: refused.callId, inputHash: "101" })], { known: knownFrom(repeated) }).replies.map(shown)).toEqual([
    ["TOO_MUCH", { left: 100 }, 0],
  ]);
});

test("an id from before what is remembered is never decided, nor one of the future, nor one that is none", () => {
  const calls = [
    call(1, { callId: callIdAt(empty.head.callsSince - 1) }),
    call(1, { callId: callIdAt(empty.head.callsSince) }),
    call(1, { callId: callIdAt(now + 60_000) }),
    call(1, { callId: callIdAt(now + 60_001) }),
    call(1, { callId: crypto.randomUUID() }),
    call(1, { callId: "" }),
  ];

  const { replies } = decide(calls);

  expect(replies.map(shown)).toEqual([
    "EXPIRED",
    ["accepted", { sum: 1 }, 1],
    ["accepted", { sum: 2 }, 2],
    "INVALID_MESSAGE",
    "INVALID_MESSAGE",
    "INVALID_MESSAGE",
  ]);
});

test("a decision, or a time to wake, that throws fails its own call and leaves nothing behind", () => {
  const { replies, batch, states, faults } = decide([call(1), call(13), call(65), call(2)]);

  expect(replies.map(shown)).toEqual([["accepted", { sum: 1 }, 1], "INTERNAL", "INTERNAL", ["accepted", { sum: 3 }, 2]]);
  expect(batch?.entries).toHaveLength(2);
  expect(states.public).toEqual({ sum: 3 });
  expect(faults.map(({ name, error }) => [name, (error as Error).message])).toEqual([
    ["add", "thirteen"],
    ["add", "wake"],
  ]);
});

test("what others appended is folded before anything is decided", () => {
  const theirs = decide([call(40), call(50)]);
  const sealed = seal(empty.head, theirs.batch!);

  const { replies } = decide([call(20), call(10)], { tail: { head: sealed.head, entries: sealed.entries } });

  expect(replies.map(shown)).toEqual([
    ["TOO_MUCH", { left: 10 }, 2],
    ["accepted", { sum: 100 }, 3],
  ]);
});

test("an erased entry is passed over", () => {
  const { entries } = seal(empty.head, decide([call(40), call(50)]).batch!);
  const erased = entries.map((entry, index) => (index === 0 ? { ...entry, bytes: new Uint8Array(), erased: true } : entry));

  expect(foldTail(room, room.initial(), erased).public).toEqual({ sum: 50 });
});

test("where a newer version of the contract has written, nothing is decided", () => {
  const { replies, batch, isOutdated } = decide([call(1)], { tail: { head: { ...empty.head, version: 2 }, entries: [] } });

  expect([replies.map(shown), isOutdated]).toEqual([["UNAVAILABLE"], true]);
  expect(batch).toBeUndefined();
});

test("a first refusal is remembered where a later call of the same user is accepted with it, and costs nothing otherwise", () => {
  const mine = [call(101), call(1), call(102)];
  const theirs = call(103, { user: { id: "bob", name: "Bob" } });

  const { batch } = decide([...mine, theirs]);

  expect(batch?.outcomes.map(({ key, keepUntil }) => [key, keepUntil])).toEqual([
    [outcomeKey(mine[0]!), now + 120_000],
    [outcomeKey(mine[1]!), undefined],
  ]);
  expect(decide([call(101), theirs]).batch).toBeUndefined();
});

test("an outcome is remembered until its id expires, though the caller's clock was ahead", () => {
  const ahead = call(5, { callId: callIdAt(now + 59_000) });

  const { batch } = decide([ahead]);

  expect(batch?.outcomes.map(({ at }) => at - now)).toEqual([59_000]);
});

test("when its time is up a batch ends, and the rest is left undecided", () => {
  let looks = 0;
  const deciding = { room, states: room.initial(), items: [call(1), call(2), call(3), call(4)], now, rules: defaultCallRules, isTimeUp: () => ++looks === 2 };

  const { replies, batch } = decideBatch(deciding, empty, new Map());

  expect([replies.length, batch?.entries.length, batch?.outcomes.length]).toEqual([2, 2, 2]);
});

test("a room says itself how long its calls are remembered, and one that fails at it forgets none", () => {
  const longAgo = now - 30 * 24 * 3_600_000;
  const old = call(1, { callId: callIdAt(now - 48 * 3_600_000) });
  const at = { ...empty, head: { ...empty.head, callsSince: longAgo } };
  const told: unknown[] = [];

  for (const callsSince of [() => undefined, () => longAgo + 1, () => now + 5, () => Math.PI]) {
    const own = { ...room, callsSince: (_states: unknown, time: number) => (callsSince() === Math.PI ? sick() : (callsSince() ?? time - 24 * 3_600_000)) };
    const { replies, batch, faults } = decideBatch({ room: own, states: room.initial(), items: [old, call(2)], now, rules: defaultCallRules }, at, new Map());
    told.push([replies[0]?.kind === "failed" ? replies[0].code : replies[0]?.kind, (batch?.callsSince ?? 0) - now, faults.map(({ name }) => name)]);
  }

  expect(told).toEqual([
    ["EXPIRED", -24 * 3_600_000, []],
    ["accepted", longAgo + 1 - now, []],
    ["EXPIRED", 0, []],
    ["accepted", longAgo - now, ["callsSince"]],
  ]);
});

function sick(): never {
  throw new Error("sick");
}

test("a call that comes to the same when it is decided again is remembered nowhere, and is never too old", () => {
  const set = hostRoom(
    defineRoom("set/{id}", { log: "volatile", entry: type<{ put: number }>(), state: type<readonly number[]>(), calls: { put: { input: type<number>() } } })
      .fold([], (numbers, { put }) => [...numbers, put])
      .serve({
        authorize: () => true,
        input: { put: { unchecked: true } },
        idempotent: ["put"],
        decide: { put: (numbers, put) => accept(numbers.includes(put) ? [] : { put }) },
      }),
  );
  const put = call(5, { name: "put", input: 5, callId: callIdAt(now - 10_000) });

  const { batch, replies, states } = decideBatch({ room: set, states: set.initial(), items: [put, put], now, rules: defaultCallRules }, empty, new Map());

  expect(replies.map(({ kind }) => kind)).toEqual(["accepted", "accepted"]);
  expect([batch?.entries.length, batch?.outcomes]).toEqual([1, []]);
  expect(states.public).toEqual([5]);
});
