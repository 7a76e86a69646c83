import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredEntry } from "../log.ts";
import { emptyHead, seal } from "../seal.ts";
import { decodeEntries, encodeEntries } from "./pack-format.ts";
import { toPack, unpack } from "./pack.ts";

const arrangement = fc.constantFrom("rows" as const, "columns" as const);
const whole = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 300 }), fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 50 + 1));
/** Few lengths, so that there are tables. */
const bytes = fc.oneof(fc.uint8Array({ minLength: 3, maxLength: 3 }), fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 400 }));
const entry = fc.record({
  at: whole,
  author: fc.oneof(fc.constant(undefined), fc.constantFrom("ann", "bob", ""), fc.string({ unit: "grapheme" })),
  callId: fc.constant(undefined),
  version: whole,
  bytes,
  publicBytes: fc.oneof(fc.constant("same" as const), fc.constant(undefined), bytes),
  isErased: fc.boolean(),
});

function toStored(given: readonly (typeof entry extends fc.Arbitrary<infer T> ? T : never)[], head: ReturnType<typeof emptyHead>): readonly StoredEntry[] {
  const entries = given.map(({ isErased: _isErased, publicBytes, ...each }) => ({ ...each, publicBytes: publicBytes === "same" ? each.bytes : publicBytes }));
  const empty = new Uint8Array();
  return seal(head, { entries, outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 0 }).entries.map((each, index) =>
    given[index]?.isErased === true && index % 3 === 0
      ? { ...each, bytes: empty, public: each.public && { ...each.public, bytes: empty }, erased: true }
      : each,
  );
}

test("what was encoded comes back, bit for bit, however its contents are arranged", () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 40 }), arrangement, fc.nat(1_000), fc.nat(2 ** 32 - 1), (given, how, offset, check) => {
      const head = { ...emptyHead("epoch"), offset, position: offset, check, publicCheck: check };
      const entries = toStored(given, head);

      const decoded = decodeEntries(encodeEntries(check, entries, how), { offset: offset + 1, check, position: offset + 1 }, entries.length);

      expect(decoded).toEqual(entries);
    }),
  );
});

test("contents of one length that count up, or bear one letter each, come back from a table of few bytes", () => {
  const given = Array.from({ length: 1_000 }, (_, index) => {
    const edit = Uint8Array.of(1, index >> 8, index, 7, (index * 3) >> 8, index * 3, index % 3 === 0 ? 101 : 97 + (index % 5));
    return { at: 1_000 + 100 * index, author: "ann", callId: undefined, version: 1, bytes: edit, publicBytes: "same" as const, isErased: false };
  });
  const entries = toStored(given, emptyHead("epoch"));

  const pack = toPack(0, entries);

  expect(unpack("room/1", pack)).toEqual(entries);
  expect(pack.bytes.length).toBeLessThan(500);
});

test("of bytes that were damaged either the last check tells, or contents, times and authors are what they were; and nothing throws", () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 30 }), arrangement, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, how, at, flip) => {
      const entries = toStored(
        given.map((each) => ({ ...each, isErased: false })),
        emptyHead("epoch"),
      );
      const content = Uint8Array.from(encodeEntries(0, entries, how));
      content[at % content.length]! ^= flip;

      const decoded = decodeEntries(content, { offset: 1, check: 0, position: 1 }, entries.length);

      const isTold = decoded?.at(-1)?.check !== entries.at(-1)?.check;
      expect(isTold || isDeepStrictEqual(decoded?.map(toContent), entries.map(toContent))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

function toContent({ at, author, version, public: part, ...rest }: StoredEntry): unknown {
  return [rest.bytes, at, author, version, part?.bytes];
}

test("a content that ends too soon, or goes on, is none", () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 30 }), arrangement, fc.nat(), (given, how, at) => {
      const entries = toStored(given, emptyHead("epoch"));
      const content = encodeEntries(0, entries, how);
      const start = { offset: 1, check: 0, position: 1 };

      expect(decodeEntries(content.subarray(0, at % content.length), start, entries.length)).toBeUndefined();
      expect(decodeEntries(Buffer.concat([content, Uint8Array.of(0)]), start, entries.length)).toBeUndefined();
    }),
  );
});
