// oxlint-disable vitest/expect-expect -- the compiler asserts: each wrong use below must be one.
import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { accept, type Accepted, refuse } from "./decision.ts";
import { defineRoom } from "./define-room.ts";
import { toRoomName } from "./path.ts";
import type { Answer, Input, Outcome } from "./outcome.ts";
import type { Position } from "../protocol/position.ts";
import { chatter, floor, lot, type LotEntry, type SecretEntry, type SecretLot } from "./rooms.fixture.ts";
import type { Decision } from "./serve-options.ts";
import { type } from "./type.ts";

const line = v.object({ line: v.string() });
const say = (_lines: readonly string[], said: { line: string }): Decision<typeof floor, "say"> => accept(said);

/** Compiled, never run. */
function compiled(_wrong: () => unknown): void {}

test("a name takes the parameters of its path and no others", () => {
  compiled(() => toRoomName(lot, { lotId: "42" }));
  // @ts-expect-error the path has no such parameter
  compiled(() => toRoomName(lot, { lotId: "42", saleId: "1" }));
  // @ts-expect-error the path's parameter is missing
  compiled(() => toRoomName(lot, {}));
  // @ts-expect-error a parameter is a text
  compiled(() => toRoomName(lot, { lotId: 42 }));
  compiled(() =>
    floor.serve({
      // @ts-expect-error the path has no such parameter
      authorize: (_user, { lotId }) => lotId === "1",
      input: { say: line },
      decide: { say: (_lines, said) => accept(said) },
    }),
  );
});

test("each input has a schema that fits, or says that it has none", () => {
  compiled(() => floor.serve({ authorize: () => true, input: { say: z.object({ line: z.string() }) }, decide: { say: (_lines, said) => accept(said) } }));
  compiled(() => floor.serve({ authorize: () => true, input: { say: { unchecked: true } }, decide: { say: (_lines, said) => accept(said) } }));
  // @ts-expect-error the input of a call has no schema
  compiled(() => floor.serve({ authorize: () => true, input: {}, decide: { say } }));
  // @ts-expect-error no input has a schema
  compiled(() => floor.serve({ authorize: () => true, decide: { say } }));
  // @ts-expect-error the zod schema gives another input
  compiled(() => floor.serve({ authorize: () => true, input: { say: z.object({ line: z.number() }) }, decide: { say } }));
  // @ts-expect-error the valibot schema gives another input
  compiled(() => floor.serve({ authorize: () => true, input: { say: v.object({ text: v.string() }) }, decide: { say } }));
  // @ts-expect-error the contract has no such call
  compiled(() => floor.serve({ authorize: () => true, input: { say: line, shout: line }, decide: { say } }));
});

test("each call is decided, and each signal, presence and question has its half", () => {
  const { authorize } = { authorize: () => true };
  const shown = defineRoom("shown", {
    log: "volatile",
    entry: type<{ n: number }>(),
    state: type<number>(),
    presence: type<{ x: number }>(),
    signals: { wave: type<{ to: string }>() },
  });
  const room = shown.fold(0, (sum, { n }) => sum + n);
  const asked = defineRoom("asked", {
    log: "volatile",
    entry: type<{ n: number }>(),
    state: type<number>(),
    questions: { sum: { result: type<number>() } },
  }).fold(0, (sum) => sum);

  compiled(() => room.serve({ authorize, presence: z.object({ x: z.number() }), signals: { wave: { unchecked: true } } }));
  compiled(() => asked.serve({ authorize, questions: { sum: (sum) => sum } }));
  // @ts-expect-error a call has no decide
  compiled(() => floor.serve({ authorize, input: { say: line }, decide: {} }));
  // @ts-expect-error nobody has said who may be here
  compiled(() => floor.serve({ input: { say: line }, decide: { say } }));
  // @ts-expect-error presence has no schema
  compiled(() => room.serve({ authorize, signals: { wave: { unchecked: true } } }));
  // @ts-expect-error a signal has no schema
  compiled(() => room.serve({ authorize, presence: { unchecked: true } }));
  // @ts-expect-error the contract has no presence
  compiled(() => asked.serve({ authorize, questions: { sum: (sum) => sum }, presence: { unchecked: true } }));
  // @ts-expect-error a question is not answered
  compiled(() => asked.serve({ authorize }));
  // @ts-expect-error the answer is of another type
  compiled(() => asked.serve({ authorize, questions: { sum: (sum) => String(sum) } }));
  // @ts-expect-error the question declares no refusal
  compiled(() => asked.serve({ authorize, questions: { sum: () => refuse("NO") } }));
});

test("a secret does not pass through reveal", () => {
  const half = lot.withSecret({ entry: type<SecretEntry>(), state: type<SecretLot>() });
  const first: SecretLot = { price: 0, closesAt: 0, status: "open", leader: null, notes: 0 };
  const keep = <T>(state: T): T => state;
  compiled(() => half.fold(first, keep, (entry) => (entry.kind === "closed" ? entry : undefined)));
  // @ts-expect-error the entry as it is would be shown
  compiled(() => half.fold(first, keep, (entry) => entry));
  // @ts-expect-error a member that the public entry does not have
  compiled(() => half.fold(first, keep, (entry) => (entry.kind === "bid" ? { kind: "bid", paddle: "7", price: 1, maximum: entry.maximum } : undefined)));
  // @ts-expect-error a spread of the secret entry
  compiled(() => half.fold(first, keep, (entry) => (entry.kind === "bid" ? { ...entry, paddle: "7", price: 1 } : undefined)));

  const wider = lot.withSecret({ entry: type<{ kind: "bid"; paddle: string; price: number; maximum: number }>(), state: type<number>() });
  compiled(() => wider.fold(0, keep, ({ kind, paddle, price }) => ({ kind, paddle, price })));
  // @ts-expect-error a secret entry that has all that a public one has, and more
  compiled(() => wider.fold(0, keep, (entry) => entry));
});

test("what was kept, and which refusals there are, is in the caller's type", () => {
  const place: Position = { epoch: "e", count: 1, check: 2 };
  const stored: Outcome<typeof lot, "bid"> = { kind: "accepted", result: { leading: true }, position: place, kept: "stored" };
  const held: Outcome<typeof floor, "say"> = { kind: "accepted", result: undefined, kept: "memory" };
  // @ts-expect-error nothing volatile says "stored"
  compiled((): Outcome<typeof floor, "say"> => ({ kind: "accepted", result: undefined, kept: "stored" }));
  // @ts-expect-error nor is what is on disk only held
  compiled((): Outcome<typeof lot, "open"> => ({ kind: "accepted", result: undefined, kept: "memory" }));
  // @ts-expect-error the contract has no such call
  compiled((): Outcome<typeof floor, "shout"> => held);
  // @ts-expect-error the input is of another type
  compiled((): Input<typeof lot, "bid"> => ({ maximum: "500" }));
  compiled((): Input<typeof lot, "note"> => undefined);
  compiled((): Answer<typeof lot, "mine"> => ({ kind: "answered", value: { leading: true } }));

  expect([stored.kind, held.kind]).toEqual(["accepted", "accepted"]);
});

function tell(outcome: Outcome<typeof lot, "bid">): string {
  if (outcome.kind === "accepted") return outcome.result.leading ? "leading" : "outbid";
  switch (outcome.code) {
    case "TOO_LOW":
      return `at least ${outcome.data.minimum}`;
    case "CLOSED":
      return "closed";
  }
}

// @ts-expect-error a code is forgotten
function forget(outcome: Outcome<typeof lot, "bid">): string {
  if (outcome.kind === "accepted") return "yes";
  switch (outcome.code) {
    case "TOO_LOW":
      return "no";
  }
}

test("a switch over the codes is complete or does not compile", () => {
  expect(tell({ kind: "refused", code: "TOO_LOW", data: { minimum: 11 } })).toBe("at least 11");
  expect(forget({ kind: "accepted", result: { leading: true }, kept: "stored" })).toBe("yes");
});

test("a contract is described in its own words", () => {
  // @ts-expect-error a log is durable or volatile
  compiled(() => defineRoom("x", { log: "fast", entry: type<{ n: number }>(), state: type<number>() }));
  // @ts-expect-error an array is a list of entries, never an entry
  compiled(() => defineRoom("x", { log: "durable", entry: type<[number]>(), state: type<number>() }));
  // @ts-expect-error a question has a result
  compiled(() => defineRoom("x", { log: "durable", entry: type<{ n: number }>(), state: type<number>(), questions: { q: {} } }));
  // @ts-expect-error what is lifted is an entry
  compiled(() => defineRoom("x", { log: "durable", entry: type<{ n: number }>(), state: type<number>(), version: 2, upgrade: { entry: () => ({ m: 1 }) } }));
  // @ts-expect-error the first state is of another type
  compiled(() => defineRoom("x", { log: "durable", entry: type<{ n: number }>(), state: type<number>() }).fold("0", (sum) => sum));
  compiled((): LotEntry => lot.decodeEntry(new Uint8Array()));
  compiled((): Accepted<{ line: string }, undefined> => accept({ line: "x" }));

  expect(chatter.contract).not.toBe(undefined);
});
