import type { DocumentStatus } from "nexios/collab/client";
import { expect, test } from "vitest";
import { heardAfter, nothingHeard, toSpoken } from "./spoken.ts";

/** All that is said while it goes from state to state. */
function saidOf(states: readonly DocumentStatus[]): readonly string[] {
  let heard = nothingHeard;
  return states.flatMap((state) => {
    const now = heardAfter(heard, state);
    const said = toSpoken(heard, now);
    heard = now;
    return said ?? [];
  });
}

test("that each letter is saved is not said", () => {
  expect(saidOf([{ kind: "saved" }, { kind: "saving" }, { kind: "saved" }, { kind: "saving" }, { kind: "saved" }])).toEqual(["The text is open."]);
});

test("a lost connection is said once, whatever is written meanwhile, and its return when all is saved", () => {
  const said = saidOf([
    { kind: "saved" },
    { kind: "offline", isSaved: true },
    { kind: "offline", isSaved: false },
    { kind: "opening" },
    { kind: "saving" },
    { kind: "saved" },
  ]);

  expect(said.slice(1)).toEqual(["No connection. You can go on writing.", "Connected again: all is saved."]);
});

test("that one may only read from now on, or write again, is said", () => {
  expect(saidOf([{ kind: "saved" }, { kind: "read-only" }, { kind: "saved" }]).slice(1)).toEqual([
    "From now on this text is only read.",
    "You may write in this text again.",
  ]);
});

test("of a text that was never written in it is not said that it is only read from now on, nor that one can go on writing", () => {
  const offline = { kind: "offline", isSaved: true } as const;

  expect(saidOf([{ kind: "read-only" }, offline, { kind: "opening" }, { kind: "read-only" }])).toEqual([
    "The text is open, to be read.",
    "No connection. What you read may be old.",
    "Connected again.",
  ]);
  expect(saidOf([offline, { kind: "saved" }])).toEqual(["No connection. What you read may be old.", "The text is open."]);
});

test("who may only read since his words were refused has heard it with them", () => {
  const refused = { kind: "refused", code: "READ_ONLY" } as const;

  expect(saidOf([{ kind: "saved" }, refused, { kind: "read-only" }]).slice(1)).toEqual([]);
  expect(saidOf([{ kind: "saved" }, refused, { kind: "offline", isSaved: true }]).slice(1)).toEqual(["No connection. What you read may be old."]);
});
