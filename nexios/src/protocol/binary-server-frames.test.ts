import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBinaryServerFrames } from "./binary-decoding.ts";
import { binaryEncoding } from "./binary-encoding.ts";
import type { ServerFrame } from "./frame.ts";
import { anyServerFrame } from "./frames.fixture.ts";
import { decodeServerFrames } from "./json-decoding.ts";
import { jsonEncoding } from "./json-encoding.ts";

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const toMessage = (frames: readonly ServerFrame[]): Uint8Array => binaryEncoding.join(frames.map((frame) => binaryEncoding.encode(frame)));
const left: ServerFrame = { kind: "left", room: 1, code: "FORBIDDEN" };
const good = binaryEncoding.encode(left);
const one = "000000000000f03f";

test("every frame of a server comes out as it went in, and as from its JSON form", () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(anyServerFrame, { maxLength: 4 }), (frames) => {
      for (const { kind } of frames) kinds.add(kind);

      const read = decodeBinaryServerFrames(toMessage(frames));

      expect(read).toStrictEqual(frames);
      expect(read).toStrictEqual(decodeServerFrames(jsonEncoding.join(frames.map((frame) => jsonEncoding.encode(frame)))));
    }),
    { numRuns: 1_500 },
  );
  expect(kinds.size).toBe(17);
});

test.each([
  ["a kind that is not known", "02 7f 00"],
  ["a kind that is not known, with an id", "03 ff 01 05"],
  ["a letter of the JSON form that has no layout", "04 6c 02 00 01"],
  ["nothing", "00"],
  ["a kind alone", "01 65"],
  ["a header that is longer than its frame", "02 65 05"],
  ["a header length that does not end", "02 65 ff"],
  ["an entry without its header", "02 65 00"],
  ["an entry whose header is cut off", `0b 65 09 01 03 07 05 000000000000`],
  ["a time that is not finite", "0f 65 0d 01 03 07 05 000000000000f07f 02 00"],
  ["a time that is no number", "0f 65 0d 01 03 07 05 000000000000f87f 02 00"],
  ["a time below 0", "0f 65 0d 01 03 07 05 000000000000f0bf 02 00"],
  ["a time of -0", "0f 65 0d 01 03 07 05 0000000000000080 02 00"],
  ["a count above 2^53 - 1", `16 65 14 01 03 8080808080808010 05 ${one} 02`],
  ["a call id that is cut off", `12 65 10 09 03 07 05 ${one} 02 0190a1`],
  ["a reason that is not known", "0d 73 0b 01 03 07 05 026531 02 01 01 04"],
  ["a text that is not UTF-8", "09 67 07 01 03 02 c328 01 75"],
  ["a text that is longer than its header", "08 67 06 01 03 05 6162 75"],
  ["a text of 2^53 - 1 bytes", "0d 67 0b 01 03 ffffffffffffff0f 75"],
  ["JSON that is none", "04 00 00 7b7d"],
  ["JSON that is not UTF-8", "04 00 00 c328"],
])("%s is skipped, and its neighbours are not", (_what, hex) => {
  const message = binaryEncoding.join([good, fromHex(hex), good]);

  expect(decodeBinaryServerFrames(message)).toEqual([left, left]);
});

test.each(["05 65 02", "ff", "ffffffffffffff0f 65 00", "8080808010 65 00", "ffffffffffffffffff01 65"])(
  "behind a length that is wrong (%s) nothing is read, and what stood before it is",
  (hex) => {
    expect(decodeBinaryServerFrames(binaryEncoding.join([good, fromHex(hex)]))).toEqual([left]);
  },
);

test("what a newer server has added at the end of a header is passed over", () => {
  const entry = fromHex(`15 65 11 01 03 07 05 ${one} 02 0badcafe 7b7d`);

  expect(decodeBinaryServerFrames(entry)).toStrictEqual([
    {
      kind: "entry",
      room: 3,
      count: 7,
      check: 5,
      epoch: undefined,
      at: 1,
      callId: undefined,
      version: 2,
      payload: { format: "json", bytes: toBytes("{}") },
    },
  ]);
});

test("flags that are not known change nothing", () => {
  expect(decodeBinaryServerFrames(fromHex("05 f1 02 07 81 35"))).toStrictEqual([{ kind: "answered", id: 7, value: toBytes("5") }]);
});

test("a message of nothing has no frames, and a code that is newer than the client comes through", () => {
  const newer = binaryEncoding.encode({ kind: "refused", id: 1, position: undefined, code: "NEWER", data: undefined });

  expect(decodeBinaryServerFrames(new Uint8Array())).toEqual([]);
  expect(decodeBinaryServerFrames(newer)).toMatchObject([{ code: "NEWER" }]);
});

test("what is read keeps no part of the message, a Buffer's neither", () => {
  const message = Buffer.from(toMessage([{ kind: "answered", id: 1, value: toBytes("12345") }, left]));

  const frames = decodeBinaryServerFrames(message);
  message.fill(0);

  expect(frames).toStrictEqual([{ kind: "answered", id: 1, value: toBytes("12345") }, left]);
});
