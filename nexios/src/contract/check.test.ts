import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { check, isCheck, type Schema } from "./check.ts";

const schemas: [string, Schema<{ changes: { from: number }[] }>][] = [
  ["zod", z.object({ changes: z.array(z.object({ from: z.number() })) })],
  ["valibot", v.object({ changes: v.array(v.object({ from: v.number() })) })],
];

test.each(schemas)("%s says whether a value fits, and where it does not", (_library, schema) => {
  expect(check(schema, { changes: [{ from: 1 }] })).toEqual({ kind: "fits", value: { changes: [{ from: 1 }] } });
  expect(check(schema, { changes: [{ from: 1 }, { from: "2" }] })).toMatchObject({ kind: "misfits", path: "changes.1.from" });
  expect(check(schema, 7)).toMatchObject({ kind: "misfits", path: "" });
});

test("a schema gives its own form of the value", () => {
  expect(check(z.string().trim(), " a ")).toEqual({ kind: "fits", value: "a" });
});

test("a schema that waits is waited for, and what it throws passes through", async () => {
  const slow: Schema<string> = { "~standard": { version: 1, vendor: "own", validate: async (value) => ({ value: String(value) }) } };
  const broken: Schema<string> = { "~standard": { ...slow["~standard"], validate: () => Promise.reject(new RangeError("no")) } };

  await expect(check(slow, 1)).resolves.toEqual({ kind: "fits", value: "1" });
  await expect(check(broken, 1)).rejects.toThrow(RangeError);
});

test("what is unchecked is taken as it comes, and only in so many words", () => {
  expect(check({ unchecked: true }, 7)).toEqual({ kind: "fits", value: 7 });
  expect([{ unchecked: true }, schemas[0]?.[1]].map(isCheck)).toEqual([true, true]);
  expect([{}, { unchecked: false }, undefined, null, true, () => true].map(isCheck)).toEqual([false, false, false, false, false, false]);
});
