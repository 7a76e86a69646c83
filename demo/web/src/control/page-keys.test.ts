import { expect, test } from "vitest";
import { isSingle, toDeed } from "./page-keys.ts";

test("a 5 right behind a 1 is fifteen minutes; by itself it is five", () => {
  const windows = [
    toDeed({ key: "1", before: undefined }),
    toDeed({ key: "5", before: "1" }),
    toDeed({ key: "5", before: undefined }),
    toDeed({ key: "5", before: "h" }),
  ].map((deed) => (deed?.kind === "window" ? deed.window : undefined));

  expect(windows).toEqual(["1m", "15m", "5m", "5m"]);
});

test("keys that mean nothing here mean nothing, whatever objects inherit", () => {
  expect(["x", "constructor", "Enter", "Tab"].map((key) => toDeed({ key, before: undefined }))).toEqual([undefined, undefined, undefined, undefined]);
});

test("single characters can be switched off, arrows and Escape can't", () => {
  const single = ["p", "?", "h", "ArrowLeft", "Escape"].map((key) => isSingle(toDeed({ key, before: undefined }) ?? { kind: "leave" }));

  expect(single).toEqual([true, true, true, false, false]);
});
