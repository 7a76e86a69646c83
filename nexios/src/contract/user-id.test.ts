import { expect, test } from "vitest";
import { isUserId } from "./user-id.ts";

test.each(["ann", "7", "NEXIOS", "nexios2", "a/b", "\u{1f9d1}", "x".repeat(256)])("%j may be a user's id", (id) => {
  expect(isUserId(id)).toBe(true);
});

test.each([
  ["the server's own", "nexios"],
  ["an empty one", ""],
  ["one of 257 characters", "x".repeat(257)],
  ["half of a surrogate pair", "a\ud800b"],
  ["a number", 7],
  ["none", undefined],
])("%s is no user's id", (_what, id) => {
  expect(isUserId(id)).toBe(false);
});
