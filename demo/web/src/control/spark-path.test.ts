import { expect, test } from "vitest";
import { toPath } from "./spark-path.ts";

const frame = { slots: 5, width: 40, height: 10 };

test("a line ends where there is no value, and begins anew behind it", () => {
  expect(toPath([0, 10, null, 10, 10], frame)).toBe("M0.0 10.0L10.0 0.0M30.0 0.0L40.0 0.0");
});

test("the newest value stands at the right, and one alone is a dot", () => {
  expect(toPath([10, null], frame)).toBe("M30.0 0.0h0.1");
});

test("small changes of a large number stay small", () => {
  expect(toPath([100, 99, 100, 99, 100], frame)).toBe("M0.0 0.0L10.0 0.2L20.0 0.0L30.0 0.2L40.0 0.0");
});

test("nothing but nothing is a line at the bottom", () => {
  expect(toPath([0, 0], frame)).toBe("M30.0 10.0L40.0 10.0");
});
