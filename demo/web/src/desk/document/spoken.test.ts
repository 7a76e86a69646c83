import type { DocumentStatus } from "nexios/collab/client";
import { expect, test } from "vitest";
import { heardAfter, toSpoken } from "./spoken.ts";

/** All that is said while it goes from state to state. */
function saidOf(states: readonly DocumentStatus[]): readonly string[] {
  let heard: DocumentStatus = { kind: "opening" };
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
