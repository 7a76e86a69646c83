import { expect, test } from "vitest";
import { toVerdict } from "./verdict.ts";

test("a token that is missing or has run out asks for a new one", () => {
  expect(toVerdict(4401)).toEqual({ kind: "renew" });
  expect(toVerdict(4501)).toEqual({ kind: "renew" });
});

test("every other code from 4400 to 4499 is final, known or not", () => {
  for (const code of [4400, 4403, 4409, 4410, 4499]) expect(toVerdict(code)).toEqual({ kind: "refused", code });
});

test("a broken line, a draining server and any other code come back", () => {
  for (const code of [1000, 1001, 1006, 1011, 4500, 4503, 4508, 4999]) expect(toVerdict(code)).toEqual({ kind: "retry" });
});
