import { expect, test } from "vitest";
import { timeOfCallId } from "../protocol/call-id.ts";
import { drawCallId } from "./call-ids.ts";
import { createRandom } from "./random.ts";

test("a call's id tells when it was made", () => {
  const madeAt = Date.UTC(2031, 4, 5);

  const id = drawCallId(madeAt + 0.7, createRandom(1));

  expect(timeOfCallId(id)).toBe(madeAt);
});

test("two ids of one moment differ", () => {
  const random = createRandom(1);

  expect(drawCallId(5, random)).not.toBe(drawCallId(5, random));
});
