import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NexiosError } from "../protocol/failure.ts";
import { hostRoom } from "./host-room.ts";
import type { EntryBytes, RoomStates } from "./hosted-room.ts";
import { decodeJson } from "./json.ts";
import { lot, lots, type SecretEntry } from "./rooms.fixture.ts";

const room = hostRoom(lots);
const context = {
  user: { id: "ann", name: "Ann" },
  params: { lotId: "1" },
  receivedAt: 10,
  callId: "c1",
  signal: new AbortController().signal,
  prepared: { limit: 1_000 },
};
const opened = room.append(room.initial(), [{ kind: "opened", closesAt: 100 }]).states;

const entry: fc.Arbitrary<SecretEntry> = fc.oneof(
  fc.record({ kind: fc.constant("opened" as const), closesAt: fc.nat() }),
  fc.record({ kind: fc.constant("bid" as const), user: fc.string({ maxLength: 8 }), maximum: fc.nat(), outbid: fc.constantFrom(null, "bob") }),
  fc.record({ kind: fc.constant("noted" as const), user: fc.string({ maxLength: 8 }) }),
  fc.constant({ kind: "closed" as const }),
);

function foldAll(rows: readonly EntryBytes[], from = room.initial()): RoomStates {
  return rows.reduce((states, row) => room.fold(states, row), from);
}

test("whoever folds the log comes to the states that the appender has", () => {
  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 3 })), (calls) => {
      const rows: EntryBytes[] = [];
      let states = room.initial();
      for (const entries of calls) {
        const appended = room.append(states, entries);
        states = appended.states;
        rows.push(...appended.rows);
      }
      const half = Math.floor(rows.length / 2);
      const checkpoint = room.decodeStates(room.encodeStates(foldAll(rows.slice(0, half))));

      expect(foldAll(rows)).toEqual(states);
      expect(foldAll(rows.slice(half), checkpoint)).toEqual(states);
    }),
  );
});

test("a member that folds the public parts has the server's public state", () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const { states, rows } = room.append(room.initial(), entries);
      const shown = rows.flatMap(({ revealed }) => (revealed === undefined ? [] : [lot.decodeEntry(revealed)]));

      expect(shown.reduce(lot.evolve, lot.initial())).toEqual(states.public);
    }),
  );
});

test("hidden entries change no byte of what members get", () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const hiding = room.append(room.initial(), entries);
      const open = room.append(
        room.initial(),
        entries.filter(({ kind }) => kind !== "noted"),
      );

      expect(hiding.rows.flatMap(({ revealed }) => revealed ?? [])).toEqual(open.rows.map(({ revealed }) => revealed));
      expect(room.encodeStates(hiding.states).public).toEqual(room.encodeStates(open.states).public);
    }),
  );
});

test("a call is decided on the secret state, with what was prepared", async () => {
  const prepared = await room.prepare("bid", { maximum: 5 }, context);
  const decided = room.decideCall("bid", opened, { maximum: 250 }, { ...context, prepared });
  if (decided.kind !== "accepted" || decided.result === undefined) throw new Error("not accepted");
  const { states, rows } = room.append(opened, decided.entries);

  expect([room.needsPrepare("bid"), room.needsPrepare("open"), prepared]).toEqual([true, false, { limit: 300 }]);
  expect(decodeJson(decided.result)).toEqual({ leading: true });
  expect(rows.map(({ revealed }) => revealed && decodeJson(revealed))).toEqual([{ kind: "bid", paddle: "7", price: 10 }]);
  expect(states.public).toEqual({ price: 10, closesAt: 100, status: "open" });
  expect(states.secret).toMatchObject({ leader: "ann" });
});

test("a refusal comes with its data, encoded", () => {
  const low = room.decideCall("bid", opened, { maximum: 0 }, context);
  const late = room.decideCall("bid", opened, { maximum: 5 }, { ...context, receivedAt: 100 });

  expect(low.kind === "refused" && low.data && [low.code, decodeJson(low.data)]).toEqual(["TOO_LOW", { minimum: 1 }]);
  expect(late).toEqual({ kind: "refused", code: "CLOSED", data: undefined });
});

test("a question is answered from the secret state, or refused", () => {
  const led = room.append(opened, [{ kind: "bid", user: "ann", maximum: 5, outbid: null }]).states;
  const answer = room.answerQuestion("mine", led, undefined, context);

  expect(answer.kind === "answered" && decodeJson(answer.value)).toEqual({ leading: true });
  expect(room.answerQuestion("mine", opened, undefined, context)).toEqual({ kind: "refused", code: "NOT_A_BIDDER", data: undefined });
  expect([room.kindOf("mine"), room.kindOf("bid")]).toEqual(["question", "call"]);
  expect(() => room.decideCall("mine", opened, undefined, context)).toThrow(TypeError);
});

test("a room says when it wakes, and what it does then", () => {
  const closed = room.append(opened, room.wake(opened, { now: 100 })).states;

  expect([room.wakeAt(room.initial()), room.wakeAt(opened), room.wakeAt(closed)]).toEqual([undefined, 100, undefined]);
});

test("rows and checkpoints of a later version are told plainly", () => {
  const { rows } = room.append(opened, [{ kind: "closed" }]);
  const ahead = { code: "VERSION_AHEAD" };

  expect(() => room.fold(opened, { ...(rows[0] as EntryBytes), version: 2 })).toThrow(NexiosError);
  expect(() => room.fold(opened, { ...(rows[0] as EntryBytes), version: 2 })).toThrow(expect.objectContaining(ahead));
  expect(() => room.decodeStates({ ...room.encodeStates(opened), version: 2 })).toThrow(expect.objectContaining(ahead));
});

test("rights and names are those of the contract", async () => {
  expect(room.parseName("auction/42")).toEqual({ lotId: "42" });
  expect(room.parseName("auction/4/2")).toBe(undefined);
  expect(await room.authorize(context.user, { lotId: "42" })).toEqual({});
  expect(await room.authorize(context.user, { lotId: "ann" })).toBe(undefined);
});
