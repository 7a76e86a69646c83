import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyHead, seal } from "../log/seal.ts";
import { decodeRun, encodeRun, runSizes } from "./run-format.ts";

const bytes = fc.uint8Array({ maxLength: 40 });
const uuid = "0190a1b2-c3d4-7000-8000-00000000000f";
const anyEntry = fc.record({
  at: fc.oneof(fc.nat(), fc.maxSafeNat()),
  author: fc.constantFrom(undefined, "ann", "bob", "é"),
  callId: fc.constantFrom(undefined, uuid, uuid.toUpperCase(), "c"),
  version: fc.nat({ max: 300 }),
  bytes,
  publicBytes: fc.option(bytes, { nil: undefined }),
});

test("entries come out of a run as they went in, with all that they have", () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 20 }), fc.array(anyEntry, { maxLength: 3 }), (given, earlier) => {
      const batch = { outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 0 };
      const { head } = seal(emptyHead("epoch"), { ...batch, entries: earlier });
      const { entries } = seal(head, { ...batch, entries: given });

      const content = encodeRun(head.publicCheck, entries);
      const read = decodeRun(content, { offset: head.offset + 1, check: head.check, position: head.position + 1 }, entries.length);

      expect(read).toEqual(entries);
      expect(runSizes(content, entries.length)).toEqual(
        entries.map(({ bytes: own, public: part }) => own.length + (part === undefined || part.bytes === own ? 0 : part.bytes.length)),
      );
    }),
  );
});

test("bytes that are no run give nothing, and allocate nothing for what they only say", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 1_000_000 }), (content, count) => {
      const read = decodeRun(content, { offset: 1, check: 0, position: 1 }, count);

      expect(read === undefined || read.length === count).toBe(true);
    }),
  );
});
