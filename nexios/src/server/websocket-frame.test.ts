import * as fc from "fast-check";
import { expect, test } from "vitest";
import { joinFrames, pingFrame, toBinaryFrame, toFrameOfParts, toTextFrame } from "./websocket-frame.ts";

interface Parsed {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** RFC 6455, section 5.2, for frames of a server: final, unmasked, with the shortest length that fits. */
function parseFrames(bytes: Uint8Array): Parsed[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Parsed[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [first, second] = [view.getUint8(at), view.getUint8(at + 1)];
    if ((first & 0xf0) !== 0x80) throw new Error("not final, or a reserved bit is set");
    if (second >= 0x80) throw new Error("a server's frame is masked");
    const headerLength = second < 126 ? 2 : second === 126 ? 4 : 10;
    const length = second < 126 ? second : second === 126 ? view.getUint16(at + 2) : Number(view.getBigUint64(at + 2));
    if ((second === 126 && length < 126) || (second === 127 && length < 65_536)) throw new Error("a longer length than needed");
    if (at + headerLength + length > bytes.length) throw new Error("a frame is cut off");
    frames.push({ opcode: first & 0x0f, payload: bytes.subarray(at + headerLength, at + headerLength + length) });
    at += headerLength + length;
  }
  return frames;
}

test.each([
  [0, 2],
  [1, 2],
  [125, 2],
  [126, 4],
  [65_535, 4],
  [65_536, 10],
  [1_000_000, 10],
])("a payload of %i bytes has a header of %i", (length, headerLength) => {
  const payload = new Uint8Array(length).fill(7);

  const frame = toBinaryFrame(payload);

  expect(frame.length).toBe(headerLength + length);
  expect(parseFrames(frame)).toEqual([{ opcode: 2, payload: Buffer.from(payload) }]);
});

test("any text comes back as the same UTF-8, whatever its length in characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400, size: "max" }), (text) => {
      const frames = parseFrames(toTextFrame(text));

      expect(frames.length).toBe(1);
      expect(frames[0]!.opcode).toBe(1);
      expect(Buffer.from(frames[0]!.payload).toString("utf8")).toBe(text);
    }),
  );
});

test.each([125, 126, 65_535, 65_536])("a text whose UTF-8 has %i bytes is measured in bytes", (length) => {
  const text = `${"a".repeat(length % 2)}${"é".repeat(Math.floor(length / 2))}`;

  const [frame] = parseFrames(toTextFrame(text));

  expect(frame!.payload.length).toBe(length);
  expect(Buffer.from(frame!.payload).toString("utf8")).toBe(text);
});

test("joined frames are the same frames, one after the other", () => {
  const length = fc.oneof(fc.nat({ max: 200 }), fc.constantFrom(125, 126, 65_535, 65_536));

  fc.assert(
    fc.property(fc.array(length, { minLength: 1, maxLength: 12 }), (lengths) => {
      const payloads = lengths.map((size, index) => Buffer.alloc(size, index));
      const frames = payloads.map((payload, index) => (index % 2 === 0 ? toBinaryFrame(payload) : toTextFrame(payload.toString("latin1"))));
      const totalBytes = frames.reduce((sum, frame) => sum + frame.length, 0);

      const parsed = parseFrames(joinFrames(frames, totalBytes));

      expect(parsed.map(({ payload }) => Buffer.from(payload).equals(payloads[parsed.findIndex((other) => other.payload === payload)]!))).not.toContain(false);
      expect(parsed.map(({ opcode }) => opcode)).toEqual(lengths.map((_, index) => (index % 2 === 0 ? 2 : 1)));
    }),
    { numRuns: 50 },
  );
});

test("a frame does not change when the bytes that it was made of do", () => {
  const payload = Uint8Array.of(1, 2, 3);
  const frame = toBinaryFrame(payload);

  payload.fill(9);

  expect([...frame]).toEqual([0x82, 3, 1, 2, 3]);
});

test("the ping is an empty ping", () => {
  expect(parseFrames(pingFrame)).toEqual([{ opcode: 9, payload: new Uint8Array() }]);
});

test("a message of parts is the message of their bytes, with what separates them", () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 40_000 }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, fc.option(fc.constant(0x0a), { nil: undefined }), (bytes, separator) => {
      const between = separator === undefined ? [] : [Uint8Array.of(separator)];
      const whole = Buffer.concat(bytes.flatMap((part, index) => (index === 0 ? [part] : [...between, part])));

      expect(parseFrames(toFrameOfParts("text", bytes, separator))).toEqual([{ opcode: 1, payload: Buffer.from(whole) }]);
      expect(parseFrames(toFrameOfParts("binary", bytes, separator))).toEqual([{ opcode: 2, payload: Buffer.from(whole) }]);
    }),
    { numRuns: 50 },
  );
});
