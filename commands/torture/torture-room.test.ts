import { expect, test } from "vitest";
import { count, emptyTally, type Marked } from "./torture-room.ts";

const marked = (mark: string): Marked => ({ mark, when: "always", by: "ann" });
const tallyOf = (...marks: readonly string[]) => marks.map(marked).reduce(count, emptyTally);

test("the state tells the number of entries, the last one, and the marks in their order", () => {
  expect(tallyOf("a", "b")).toMatchObject({ entries: 2, last: "b" });
  expect(tallyOf("a", "b", "c").digest).toBe(tallyOf("a", "b", "c").digest);
  expect(new Set([tallyOf("a", "b", "c"), tallyOf("b", "a", "c"), tallyOf("a", "c"), tallyOf("a", "d", "c")].map(({ digest }) => digest)).size).toBe(4);
});
