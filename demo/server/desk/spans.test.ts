import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mostSpans, noteChange } from "./fresh-spans.ts";
import { changeOf, isFree, moveSpan } from "./spans.ts";

const texts = fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 12 });

test("the change between two texts makes one the other", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const { at, deleted, inserted } = changeOf(before, after) ?? { at: 0, deleted: 0, inserted: 0 };

      expect(before.slice(0, at) + after.slice(at, at + inserted) + before.slice(at + deleted)).toBe(after);
    }),
  );
});

test("what a span holds stays in it, whatever is changed elsewhere", () => {
  fc.assert(
    fc.property(texts, texts, texts, texts, fc.boolean(), (head, inside, tail, written, isBefore) => {
      const span = { from: head.length, to: head.length + inside.length };
      const at = isBefore ? 0 : span.to;
      const before = head + inside + tail;
      const after = before.slice(0, at) + written + before.slice(at);

      const moved = moveSpan(span, { at, deleted: 0, inserted: written.length });

      expect(after.slice(moved.from, moved.to)).toContain(inside);
    }),
  );
});

test("a place that touches a span is not free", () => {
  const kept = [{ from: 5, to: 8 }];

  expect([4, 5, 8, 9].map((at) => isFree(kept, { from: at, to: at }))).toEqual([true, false, false, true]);
  expect(isFree(kept, { from: 0, to: 20 })).toBe(false);
});

test("many changes are remembered as a few places, and none is forgotten", () => {
  const changes = Array.from({ length: mostSpans + 5 }, (_, index) => ({ at: index * 10, deleted: 0, inserted: 1 }));

  const fresh = changes.reduce<ReturnType<typeof noteChange>>((spans, change, index) => noteChange(spans, change, index), []);

  expect(fresh.length).toBeLessThanOrEqual(mostSpans);
  for (const { at } of changes) expect(isFree(fresh, { from: at, to: at })).toBe(false);
});
