import { expect, test } from "vitest";
import { accept, isAccepted, isRefused, refuse } from "./decision.ts";

test("accept takes one entry, several, or none, and a result", () => {
  expect(accept({ n: 1 })).toEqual({ kind: "accepted", entries: [{ n: 1 }], result: undefined });
  expect(accept([{ n: 1 }, { n: 2 }], "yes")).toEqual({ kind: "accepted", entries: [{ n: 1 }, { n: 2 }], result: "yes" });
  expect(accept([])).toEqual({ kind: "accepted", entries: [], result: undefined });
  expect(accept(new Uint8Array([1])).entries).toEqual([new Uint8Array([1])]);
});

test("refuse carries a code and its data", () => {
  expect(refuse("TOO_LOW", { minimum: 1 })).toEqual({ kind: "refused", code: "TOO_LOW", data: { minimum: 1 } });
  expect(refuse("CLOSED")).toEqual({ kind: "refused", code: "CLOSED", data: undefined });
});

test("a value that looks like a decision is none", () => {
  expect([isAccepted(accept([])), isRefused(refuse("X"))]).toEqual([true, true]);
  expect([isAccepted(refuse("X")), isRefused(accept([]))]).toEqual([false, false]);
  expect(isAccepted({ kind: "accepted", entries: [], result: undefined })).toBe(false);
  expect(isRefused({ kind: "refused", code: "X", data: undefined })).toBe(false);
  expect([null, undefined, "refused", 1].some((value) => isAccepted(value) || isRefused(value))).toBe(false);
});
