// oxlint-disable vitest/expect-expect -- the compiler asserts: each wrong use below must be one.
import * as v from "valibot";
import { test } from "vitest";
import { accept, refuse } from "./decision.ts";
import { floor, type lot } from "./rooms.fixture.ts";
import type { Decision } from "./serve-options.ts";

const line = v.object({ line: v.string() });
const say = (_lines: readonly string[], said: { line: string }): Decision<typeof floor, "say"> => accept(said);

/** Compiled, never run. */
function compiled(_wrong: () => unknown): void {}

test("a decision is one that its call declares", () => {
  compiled((): Decision<typeof lot, "bid"> => accept({ kind: "bid", paddle: "7", price: 1 }, { leading: true }));
  compiled((): Decision<typeof lot, "bid"> => accept([{ kind: "closed" }, { kind: "bid", paddle: "7", price: 1 }], { leading: true }));
  compiled((): Decision<typeof lot, "bid"> => refuse("TOO_LOW", { minimum: 1 }));
  compiled((): Decision<typeof lot, "bid"> => refuse("CLOSED"));
  // @ts-expect-error the result is missing
  compiled((): Decision<typeof lot, "bid"> => accept({ kind: "closed" }));
  // @ts-expect-error the result is of another type
  compiled((): Decision<typeof lot, "bid"> => accept({ kind: "closed" }, { leading: "yes" }));
  // @ts-expect-error the call declares no result
  compiled((): Decision<typeof lot, "open"> => accept({ kind: "closed" }, { leading: true }));
  // @ts-expect-error an entry of another kind
  compiled((): Decision<typeof lot, "open"> => accept({ kind: "withdrawn" }));
  // @ts-expect-error an entry with a member that its type does not have
  compiled((): Decision<typeof lot, "open"> => accept({ kind: "closed", maximum: 500 }));
  // @ts-expect-error one entry of several is of another kind
  compiled((): Decision<typeof lot, "open"> => accept([{ kind: "closed" }, { kind: "withdrawn" }]));
  // @ts-expect-error the contract's entry, not a secret one
  compiled((): Decision<typeof lot, "open"> => accept({ kind: "noted", user: "ann" }));
  // @ts-expect-error the code is not declared
  compiled((): Decision<typeof lot, "bid"> => refuse("SOLD"));
  // @ts-expect-error the data of the code is missing
  compiled((): Decision<typeof lot, "bid"> => refuse("TOO_LOW"));
  // @ts-expect-error the data is that of no code
  compiled((): Decision<typeof lot, "bid"> => refuse("TOO_LOW", { maximum: 1 }));
  // @ts-expect-error the data has more than the code declares
  compiled((): Decision<typeof lot, "bid"> => refuse("TOO_LOW", { minimum: 1, leader: "ann" }));
  // @ts-expect-error the code carries no data
  compiled((): Decision<typeof lot, "bid"> => refuse("CLOSED", { minimum: 1 }));
  // @ts-expect-error the call declares no refusal
  compiled((): Decision<typeof lot, "open"> => refuse("CLOSED"));
  // @ts-expect-error the contract has no such call
  compiled((): Decision<typeof lot, "sell"> => accept({ kind: "closed" }));
  // @ts-expect-error a decision that waits is none
  compiled(() => floor.serve({ authorize: () => true, input: { say: line }, decide: { say: async (lines, said) => say(lines, said) } }));
});

test("inside decide the same is said at the wrong argument", () => {
  const { authorize, input } = { authorize: () => true, input: { say: line } };
  compiled(() => floor.serve({ authorize, input, decide: { say: () => accept({ line: "x" }) } }));
  // @ts-expect-error an entry of another form
  compiled(() => floor.serve({ authorize, input, decide: { say: () => accept({ text: "x" }) } }));
  // @ts-expect-error the call declares no refusal
  compiled(() => floor.serve({ authorize, input, decide: { say: () => refuse("NO") } }));
  // @ts-expect-error the call declares no result
  compiled(() => floor.serve({ authorize, input, decide: { say: (_lines, said) => accept(said, 1) } }));
  // @ts-expect-error nothing was prepared
  compiled(() => floor.serve({ authorize, input, decide: { say: (_lines, said, { prepared }) => (prepared.limit > 1 ? accept([]) : accept(said)) } }));
  // @ts-expect-error there is no such call to prepare for
  compiled(() => floor.serve({ authorize, input, prepare: { shout: () => 1 }, decide: { say } }));
  compiled(() =>
    floor.serve({
      authorize,
      input,
      prepare: { say: async ({ line: said }) => ({ length: said.length }) },
      // @ts-expect-error what was prepared has no such member
      decide: { say: (_lines, said, { prepared }) => (prepared.size > 1 ? accept([]) : accept(said)) },
    }),
  );
});

test("a room that wakes says when, and knows then only the time", () => {
  const { authorize, input } = { authorize: () => true, input: { say: line } };
  compiled(() => floor.serve({ authorize, input, decide: { say }, wakeAt: () => 5, wake: (_lines, { now }) => accept({ line: String(now) }) }));
  // @ts-expect-error nobody says when it wakes
  compiled(() => floor.serve({ authorize, input, decide: { say }, wake: () => accept({ line: "x" }) }));
  // @ts-expect-error nothing happens when its time comes
  compiled(() => floor.serve({ authorize, input, decide: { say }, wakeAt: () => 5 }));
  // @ts-expect-error nobody called: there is no user
  compiled(() => floor.serve({ authorize, input, decide: { say }, wakeAt: () => 5, wake: (_lines, { user }) => accept({ line: user.id }) }));
});
