import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { allocationsOf } from "./binary-allocations.fixture.ts";
import { decodeBinaryClientFrames, decodeBinaryServerFrames } from "./binary-decoding.ts";
import { anyByteEdit } from "./binary-edits.fixture.ts";
import { binaryEncoding, encodeBinaryClientFrames } from "./binary-encoding.ts";
import { clientKinds, serverKinds } from "./binary-kinds.ts";
import { NexiosError } from "./failure.ts";
import type { ServerFrame } from "./frame.ts";
import { anyClientFrame, anyServerFrame } from "./frames.fixture.ts";

/** Thirty mutants of each message. */
const edits = fc.array(fc.array(anyByteEdit, { minLength: 1, maxLength: 2 }), { minLength: 30, maxLength: 30 });
const toMessage = (frames: readonly ServerFrame[]): Uint8Array => binaryEncoding.join(frames.map((frame) => binaryEncoding.encode(frame)));

/** Why a client's message is refused, or that it is taken. */
function outcome(message: Uint8Array): string {
  try {
    decodeBinaryClientFrames(message, { frames: 16 });
    return "taken";
  } catch (error) {
    if (!(error instanceof NexiosError)) throw error;
    return error.code;
  }
}

test("30,000 mutated messages of a server are read without a failure, and without memory beyond their own size", () => {
  const laidOut = anyServerFrame.filter(({ kind }) => kind in serverKinds);
  const seen = { whole: 0, part: 0 };
  fc.assert(
    fc.property(fc.array(fc.oneof(anyServerFrame, laidOut), { minLength: 1, maxLength: 2 }), edits, (frames, each) => {
      const original = toMessage(frames);
      for (const change of each) {
        const message = change.reduce((before, edit) => edit(before), original);
        let read: readonly ServerFrame[] = [];

        const sizes = allocationsOf(() => (read = decodeBinaryServerFrames(message)));

        seen[read.length < frames.length ? "part" : "whole"]++;
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(message.length);
        expect(isDeepStrictEqual(decodeBinaryServerFrames(toMessage(read)), read)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.whole, seen.part)).toBeGreaterThan(2_000);
});

test("30,000 mutated messages of a client are read or refused, and without memory beyond their own size", () => {
  const laidOut = anyClientFrame.filter(({ kind }) => kind in clientKinds);
  const seen = { taken: 0, BAD_JSON: 0, INVALID_MESSAGE: 0 };
  fc.assert(
    fc.property(fc.array(fc.oneof(anyClientFrame, laidOut), { minLength: 1, maxLength: 2 }), edits, (frames, each) => {
      const original = encodeBinaryClientFrames(frames);
      for (const change of each) {
        const message = change.reduce((before, edit) => edit(before), original);
        let kind = "";

        const sizes = allocationsOf(() => (kind = outcome(message)));

        expect(seen).toHaveProperty(kind);
        seen[kind as keyof typeof seen]++;
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(message.length);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
});
