import { expect, test } from "vitest";
import { statusOf } from "./lot-status.ts";

const left = (ms: number) => ({ ms, seconds: Math.ceil(ms / 1_000), boundMs: 0 });

test("the last five minutes of an open lot, extended or not, are told apart", () => {
  expect([statusOf("open", left(300_000)), statusOf("open", left(299_999)), statusOf("extended", left(1))]).toEqual(["open", "soon", "soon"]);
});

test("what has not begun, is paused or is over is not about to end", () => {
  expect([statusOf("scheduled", left(1)), statusOf("paused", left(1)), statusOf("sold", undefined), statusOf("open", undefined)]).toEqual([
    "scheduled",
    "paused",
    "sold",
    "open",
  ]);
});
