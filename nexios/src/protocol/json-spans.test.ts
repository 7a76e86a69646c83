import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyJsonText } from "./frames.fixture.ts";
import { itemSpans, memberSpan } from "./json-spans.ts";

const space = fc.constantFrom("", " ", "\t\r\n");
const key = fc.constantFrom('"d"', '"\\u0064"', '"D"', '"dd"', '""', '"l"', '"\\"d"');

test("the span of a member is the very text of the value that JSON.parse gives", () => {
  const object = fc.array(fc.tuple(space, key, space, anyJsonText, space), { maxLength: 6 });
  let found = 0;

  fc.assert(
    fc.property(object, space, (members, before) => {
      const text = `${before}{${members.map(([a, name, b, value, c]) => `${a}${name}${b}:${b}${value}${c}`).join(",")}}${before}`;
      const parsed = JSON.parse(text) as Record<string, unknown>;

      const span = memberSpan(text, before.length, "d");

      const last = members.findLast(([, name]) => JSON.parse(name) === "d");
      if (span !== undefined) found++;
      expect(span && text.slice(span.from, span.to)).toBe(last?.[3]);
      expect(span !== undefined).toBe(Object.hasOwn(parsed, "d"));
    }),
    { numRuns: 1_000 },
  );
  expect(found).toBeGreaterThan(300);
});

test("the spans of items are the very texts of the items", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(space, anyJsonText, space), { maxLength: 6 }), space, (items, inside) => {
      const text = `[${items.length === 0 ? inside : items.map((item) => item.join("")).join(",")}]`;

      const spans = itemSpans(text, 0);

      expect(spans.map(({ from, to }) => text.slice(from, to))).toEqual(items.map(([, item]) => item));
    }),
    { numRuns: 1_000 },
  );
});

test("an object or array that is nested 300,000 deep is passed over", () => {
  const deep = `${"[".repeat(300_000)}${"]".repeat(300_000)}`;

  expect(memberSpan(`{"a":${deep},"d":1}`, 0, "d")).toEqual({ from: 600_010, to: 600_011 });
});
