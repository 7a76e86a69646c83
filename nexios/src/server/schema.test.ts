import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { NexiosError } from "../protocol/failure.ts";
import type { Schema } from "../contract/check.ts";
import { validate } from "./schema.ts";

const zodSchema = z.object({ changes: z.array(z.object({ from: z.number() })), at: z.string().transform(Number).default(7) });
const valibotSchema = v.object({ changes: v.array(v.object({ from: v.number() })), at: v.optional(v.pipe(v.string(), v.transform(Number)), "7") });

const schemas: [string, Schema<{ changes: { from: number }[]; at: number }>][] = [
  ["zod", zodSchema],
  ["valibot", valibotSchema],
];

test.each(schemas)("a message that fits comes out as the schema of %s makes it", async (_library, schema) => {
  const value = await validate(schema, { changes: [{ from: 1, more: true }], at: "5" });

  expect(value).toEqual({ changes: [{ from: 1 }], at: 5 });
});

test.each(schemas)("one that does not fit a schema of %s is refused with the path of its first fault, and none of its own words", async (_library, schema) => {
  const error = await validate(schema, { changes: [{ from: 1 }, { from: "secret" }] }).catch((caught: unknown) => caught);

  expect(error).toBeInstanceOf(NexiosError);
  expect(error).toMatchObject({ code: "INVALID_MESSAGE", status: 400, path: "changes.1.from" });
  expect((error as NexiosError).message).toBe('The message does not fit its schema at "changes.1.from"');
});

test.each(schemas)("one that is no object at all is refused by a schema of %s without a path", async (_library, schema) => {
  await expect(validate(schema, null)).rejects.toMatchObject({ code: "INVALID_MESSAGE", path: "", message: "The message does not fit its schema" });
});

test("a schema that answers later is awaited", async () => {
  const schema = z.string().refine(async (text) => Promise.resolve(text === "yes"));

  expect(await validate(schema, "yes")).toBe("yes");
  await expect(validate(schema, "no")).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
});

test("without a schema a message comes out as it is", async () => {
  const message = { any: ["thing"] };

  expect(await validate(undefined, message)).toBe(message);
});

test("a schema that throws is a fault of ours, not of the message", async () => {
  const schema = z.string().transform((): string => {
    throw new RangeError("a bug");
  });

  await expect(validate(schema, "x")).rejects.toThrow(RangeError);
});
