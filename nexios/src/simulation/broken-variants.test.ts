import { expect, test } from "vitest";
import { brokenVariants, firstCaught } from "./broken-variants.fixture.ts";

test.for(brokenVariants)("noticed: $name", { timeout: 600_000 }, async (variant) => {
  expect(await firstCaught(variant, 200)).toBeDefined();
});
