import { expect, test } from "vitest";
import { accept, refuse } from "./decision.ts";
import { defineRoom } from "./define-room.ts";
import { hostRoom } from "./host-room.ts";
import type { HostedRoom } from "./hosted-room.ts";
import { decodeJson } from "./json.ts";
import { chatter, floor, lots } from "./rooms.fixture.ts";
import { type } from "./type.ts";

const user = { id: "ann", name: "Ann" };
const context = { user, params: {}, receivedAt: 1_000, callId: "c1", prepared: undefined };
const chat = hostRoom(chatter);

/** A chat whose server's half misbehaves. */
function broken(options: object): HostedRoom {
  return hostRoom(floor.serve({ authorize: () => true, input: { say: { unchecked: true } }, decide: { say: () => accept([]) }, ...options } as never));
}

function say(room: HostedRoom, decision: unknown) {
  return () => room.decideCall("say", room.initial(), decision, context);
}

test("any room is hosted without its types", () => {
  const decided = chat.decideCall("say", chat.initial(), { line: "hello" }, context);
  if (decided.kind !== "accepted") throw new Error(decided.code);
  const { states, rows } = chat.append(chat.initial(), decided.entries);

  expect(decided).toEqual({ kind: "accepted", entries: [{ line: "hello" }], result: undefined });
  expect(states).toEqual({ secret: ["hello"], public: ["hello"] });
  expect(rows.map(({ entry }) => decodeJson(entry))).toEqual([{ line: "hello" }]);
  expect(rows[0]?.revealed).toBe(rows[0]?.entry);
  expect([chat.hasSecret, chat.changesInPlace, chat.kindOf("say"), chat.kindOf("constructor")]).toEqual([false, false, "call", undefined]);
});

test("where nothing is secret both states are one object, also after a checkpoint", () => {
  const { states, rows } = chat.append(chat.initial(), [{ line: "a" }, { line: "b" }]);
  const restored = chat.decodeStates(chat.encodeStates(states));

  for (const each of [chat.initial(), states, restored, chat.fold(restored, rows[0] as never)]) expect(each.secret).toBe(each.public);
  expect(restored.public).toEqual(["a", "b"]);
});

test("entries are appended all or none", () => {
  const before = chat.initial();

  expect(() => chat.append(before, [{ line: "a" }, { line: new Date(0) }])).toThrow("JSON cannot carry entry.line: it is a Date");
  expect(before).toEqual({ secret: [], public: [] });
});

test("what is folded is what was written, not what was said", () => {
  const said = { line: "a" };
  const zeros = hostRoom(
    defineRoom("zeros", { log: "volatile", entry: type<{ n: number }>(), state: type<number>() })
      .fold(0, (_state, { n }) => n)
      .serve({ authorize: () => true }),
  );
  const keep = hostRoom(
    defineRoom("keep", { log: "volatile", entry: type<{ line: string }>(), state: type<readonly object[]>() })
      .fold([], (lines, entry) => [...lines, entry])
      .serve({ authorize: () => true }),
  );
  const kept = keep.append(keep.initial(), [said]).states;
  said.line = "b";

  expect(kept.public).toEqual([{ line: "a" }]);
  expect(Object.is(zeros.append(zeros.initial(), [{ n: -0 }]).states.public, 0)).toBe(true);
});

test("an input is checked by its schema, and what takes none gets none", async () => {
  const auction = hostRoom(lots);

  expect(chat.checkInput("say", { line: "x" })).toEqual({ kind: "fits", value: { line: "x" } });
  expect(chat.checkInput("say", { line: 7 })).toMatchObject({ kind: "misfits", path: "line" });
  expect(await auction.checkInput("bid", { maximum: -1 })).toMatchObject({ kind: "misfits", path: "maximum" });
  expect(auction.checkInput("note", undefined)).toEqual({ kind: "fits", value: undefined });
  expect(auction.checkInput("note", {})).toMatchObject({ kind: "misfits" });
  expect(() => chat.checkInput("shout", {})).toThrow(TypeError);
  expect(() => chat.checkInput("constructor", {})).toThrow(TypeError);
});

test("presence and signals are checked, and what the contract does not have misfits", () => {
  const auction = hostRoom(lots);

  expect(auction.checkPresence({ name: "Ann" })).toEqual({ kind: "fits", value: { name: "Ann" } });
  expect(auction.checkPresence({ name: 7 })).toMatchObject({ kind: "misfits", path: "name" });
  expect(auction.checkSignal("wave", { to: "bob" })).toEqual({ kind: "fits", value: { to: "bob" } });
  for (const name of ["nod", "constructor", "__proto__"]) expect(auction.checkSignal(name, {})).toMatchObject({ kind: "misfits" });
  expect(chat.checkPresence({})).toMatchObject({ kind: "misfits" });
});

test.each([[undefined], [null], [false], ["yes"], [1], [{ admin: true }], [[]]])("authorize that answers %j is a no", async (answer) => {
  expect(await broken({ authorize: () => answer }).authorize(user, {})).toBe(undefined);
});

test("authorize that answers true or a place is a yes", async () => {
  expect(await broken({ authorize: () => true }).authorize(user, {})).toEqual({});
  expect(await broken({ authorize: async () => ({ from: { count: 3 } }) }).authorize(user, {})).toEqual({ from: { count: 3 } });
  await expect(broken({ authorize: () => ({ from: { count: -1 } }) }).authorize(user, {})).rejects.toThrow(TypeError);
});

test("authorize that throws at once is a rejection", async () => {
  const thrown = broken({
    authorize: () => {
      throw new RangeError("no");
    },
  }).authorize(user, {});

  await expect(thrown).rejects.toThrow(RangeError);
});

test.each([
  ["nothing", undefined, "must return accept(...) or refuse(...)"],
  ["a likeness", { kind: "accepted", entries: [], result: undefined }, "must return accept(...) or refuse(...)"],
  ["a promise", Promise.resolve(accept([])), "belongs into prepare"],
  ["a code that is not declared", refuse("SOLD"), '"SOLD"'],
  ["a result that is not declared", accept([], 1), "without a result"],
])("a decision that is %s is refused", (_what, decision, message) => {
  const room = broken({ decide: { say: () => decision } });

  expect(say(room, undefined)).toThrow(TypeError);
  expect(say(room, undefined)).toThrow(message);
});

test("what a user's function throws passes through", () => {
  const fault = new RangeError("of the user");
  const fail = () => {
    throw fault;
  };
  const room = broken({ decide: { say: fail }, wakeAt: fail, wake: fail });

  expect(say(room, {})).toThrow(fault);
  expect(() => room.wakeAt(room.initial())).toThrow(fault);
  expect(() => room.wake(room.initial(), { now: 1 })).toThrow(fault);
});

test.each([Number.NaN, Infinity, 1e17, 1_893_456_000_000.5, "soon", null, 1n])("a time to wake that is %s is refused at the decision", (at) => {
  const room = broken({ wakeAt: () => at, wake: () => accept([]) });

  expect(() => room.wakeAt(room.initial())).toThrow(TypeError);
  expect(() => room.wakeAt(room.initial())).toThrow("whole milliseconds");
});

test("a time to wake is whole milliseconds or nothing, and a wake is accepted", () => {
  const wake = () => refuse("NO");

  expect(chat.wakeAt(chat.initial())).toBe(undefined);
  expect(broken({ wakeAt: () => Number.MAX_SAFE_INTEGER, wake }).wakeAt(chat.initial())).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => broken({ wakeAt: () => 1, wake }).wake(chat.initial(), { now: 1 })).toThrow("wake must return accept");
  expect(() => broken({ wakeAt: () => 1, wake: () => accept([], 1) }).wake(chat.initial(), { now: 1 })).toThrow("without a result");
});

test("since when calls are remembered is whole milliseconds, or the host's matter", () => {
  expect(chat.callsSince(chat.initial(), 5)).toBe(undefined);
  expect(broken({ callsSince: (_state: unknown, { now }: { now: number }) => now - 1 }).callsSince(chat.initial(), 5)).toBe(4);
  expect(() => broken({ callsSince: () => 0.5 }).callsSince(chat.initial(), 5)).toThrow("whole milliseconds");
});
