import { expect, test } from "vitest";
import { mostLines } from "./chart-lines.ts";
import { dashOf } from "./line-dashes.ts";

test("no two lines of a chart have both the same colour and the same dashes", () => {
  const looks = Array.from({ length: mostLines }, (_, place) => `${place % 8} ${dashOf(place).join()}`);

  expect(new Set(looks).size).toBe(mostLines);
});
