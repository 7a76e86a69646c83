import { expect, test } from "vitest";
import { toRestored } from "./restores.ts";

const opened = { kind: "opened", client: 7, userId: "ann", name: "Ann" } as const;

test("an entry that says what it restores is a restore, and tells whose; no other is", () => {
  expect(toRestored({ value: { ...opened, restores: 3 }, count: 4, at: 1_000 })).toEqual({ count: 4, at: 1_000, userId: "ann", name: "Ann" });
  expect(toRestored({ value: opened, count: 4, at: 1_000 })).toBeUndefined();
  expect(toRestored({ value: { kind: "edited", client: 7, update: new Uint8Array() }, count: 5, at: 1_000 })).toBeUndefined();
});
