import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBinaryClientFrames } from "./binary-decoding.ts";
import { binaryEncoding, encodeBinaryClientFrames } from "./binary-encoding.ts";
import { NexiosError } from "./failure.ts";
import type { ClientFrame, ReceivedClientFrame } from "./frame.ts";
import { anyClientFrame } from "./frames.fixture.ts";
import { type ClientFrameLimits, decodeClientFrames } from "./json-decoding.ts";
import { encodeClientFrames } from "./json-client-encoding.ts";

const limits: ClientFrameLimits = { frames: 16 };
const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const leave = encodeBinaryClientFrames([{ kind: "leave", room: 1 }]);
const uuid = "0190a1b2-c3d4-7000-8000-00000000000f";

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly path: string | undefined;
}

/** What is wrong with a message, or its frames. */
function outcome(read: () => readonly ReceivedClientFrame[]): Fault | readonly ReceivedClientFrame[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NexiosError)) throw error;
    return { code: error.code, message: error.message, path: error.path };
  }
}

const inBinary = (message: Uint8Array, within = limits): Fault | readonly ReceivedClientFrame[] => outcome(() => decodeBinaryClientFrames(message, within));
const inJson = (text: string, within = limits): Fault | readonly ReceivedClientFrame[] => outcome(() => decodeClientFrames(text, within));
const isTaken = (message: Uint8Array, within = limits): boolean => Array.isArray(inBinary(message, within));

test("every frame of a client comes out as it went in, and as from its JSON form", () => {
  const kinds = new Set<string>();
  let inputsOfBytes = 0;
  fc.assert(
    fc.property(fc.array(anyClientFrame, { maxLength: 4 }), (frames) => {
      for (const { kind } of frames) kinds.add(kind);
      inputsOfBytes += frames.filter((frame) => "input" in frame && frame.input instanceof Uint8Array).length;

      const read = inBinary(encodeBinaryClientFrames(frames));

      expect(read).toStrictEqual(frames);
      expect(read).toStrictEqual(inJson(encodeClientFrames(frames)));
    }),
    { numRuns: 1_500 },
  );
  expect(kinds.size).toBe(11);
  expect(inputsOfBytes).toBeGreaterThan(50);
});

test("both forms refuse the same batches, with the same words and the same path", () => {
  const name = fc.constantFrom("", "a", "b".repeat(1_000), "c".repeat(1_001), "é".repeat(1_000), "😀".repeat(501));
  const callId = fc.constantFrom("", uuid, uuid.toUpperCase(), "d".repeat(64), "e".repeat(65));
  const value = fc.constantFrom<unknown>(undefined, 1, Uint8Array.of(1, 2), JSON.parse('{"__proto__":1}'), "\ud800", "[".repeat(40), Array(10_001).fill(0));
  const count = fc.nat({ max: 200 });
  const hostile = fc.oneof(
    fc.record({ kind: fc.constant("call" as const), id: count, room: count, name, input: value, callId, isRepeat: fc.boolean() }, { noNullPrototype: true }),
    fc.record({ kind: fc.constant("ask" as const), id: count, room: count, name, input: value }, { noNullPrototype: true }),
    fc.record(
      { kind: fc.constant("signal" as const), room: count, name, payload: value.filter((given) => !(given instanceof Uint8Array)) },
      { noNullPrototype: true },
    ),
    fc.record(
      { kind: fc.constant("join" as const), id: count, room: name, version: count, since: fc.constant(undefined), presence: fc.constant(undefined) },
      { noNullPrototype: true },
    ),
  );
  const codes = new Set<string>();
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 5 }), (frames: readonly ClientFrame[]) => {
      const within = { frames: 4 };

      const read = inBinary(encodeBinaryClientFrames(frames), within);

      if ("code" in read) codes.add(`${read.code} ${read.path?.replace(/\d/, "n")}`);
      expect(read).toStrictEqual(inJson(encodeClientFrames(frames), within));
    }),
    { numRuns: 1_000 },
  );
  expect(codes).toEqual(new Set(["INVALID_MESSAGE n.n", "INVALID_MESSAGE n.q", "INVALID_MESSAGE n.r", "INVALID_MESSAGE undefined", "BAD_JSON n"]));
});

test("a frame of a kind that is not known says so, with its id if its kind has one", () => {
  const message = binaryEncoding.join([fromHex("06 ff 03 ac02 00 41"), fromHex("03 7f 01 09"), fromHex("03 ea 01 07")]);

  expect(inBinary(message)).toStrictEqual([
    { kind: "unknown", id: 300 },
    { kind: "unknown", id: undefined },
    { kind: "unknown", id: 7 },
  ]);
});

test("what a newer client has added at the end of a header is passed over", () => {
  expect(inBinary(fromHex("0b f1 08 01 01 03 03 746f70 ff 35"))).toStrictEqual([{ kind: "ask", id: 1, room: 3, name: "top", input: 5 }]);
});

test.each([
  ["00", "A frame must be as long as it says", "0"],
  ["05 65 02", "A frame must be as long as it says", "0"],
  ["01 f1", "A frame must be as long as it says", "0"],
  ["02 f1 05", "A frame must be as long as it says", "0"],
  ["ff", "A frame must be as long as it says", "0"],
  ["8080808010 f1 00", "A frame must be as long as it says", "0"],
  ["ffffffffffffff0f f1 00", "A frame must be as long as it says", "0"],
  ["ffffffffffffffffff01 f1 00", "A frame must be as long as it says", "0"],
  ["03 00 00 37", "A frame must be an object", "0"],
  ["02 ff 00", "The frame's id must be a whole number from 0 on", "0.i"],
  ["03 ff 01 80", "The frame's id must be a whole number from 0 on", "0.i"],
  ["0a ff 08 8080808080808010", "The frame's id must be a whole number from 0 on", "0.i"],
  ["02 f1 00", "The frame's id must be a whole number from 0 on", "0.i"],
  ["03 f1 01 01", "The frame's room must be a whole number from 0 on", "0.r"],
  ["04 f1 02 01 00", "The frame's room must be a whole number from 0 on", "0.r"],
  ["05 f1 03 01 00 03", "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ["06 f1 04 01 00 03 00", "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ["08 f1 06 01 00 03 05 6162", "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ["0e f1 0c 01 00 03 ffffffffffffff0f 61", "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ["08 f1 06 01 00 03 02 c328", "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ["07 e3 05 01 00 03 01 61", "The frame's call id must be a text of 1 to 64 characters", "0.q"],
  ["09 e3 07 01 08 03 01 61 0190", "The frame's call id must be a text of 1 to 64 characters", "0.q"],
])("%s is refused: %s", (hex, message, path) => {
  expect(inBinary(fromHex(hex))).toEqual({ code: "INVALID_MESSAGE", message, path });
});

test("the path names the frame, and nothing of the message is taken", () => {
  const message = binaryEncoding.join([leave, fromHex("02 f1 00"), leave]);

  expect(inBinary(message)).toMatchObject({ path: "1.i" });
});

test.each([
  ["08 f1 05 01 01 03 01 61 7b", "The message is not JSON"],
  ["07 f1 05 01 01 03 01 61", "The message is not JSON"],
  ["09 f1 05 01 01 03 01 61 c328", "The message is not UTF-8"],
  ["03 00 00 7b", "The message is not JSON"],
  ["02 00 00", "The message is not JSON"],
  ["04 00 00 c328", "The message is not UTF-8"],
])("%s is not taken as JSON: %s", (hex, message) => {
  expect(inBinary(fromHex(hex))).toEqual({ code: "BAD_JSON", message, path: "0" });
});

test("a signal's payload is JSON, whatever its flags say", () => {
  expect(inBinary(fromHex("07 67 04 03 03 01 61 35"))).toStrictEqual([{ kind: "signal", room: 3, name: "a", payload: 5 }]);
});

test("a message has at most as many frames as the limit says", () => {
  const frames = (count: number): Uint8Array => binaryEncoding.join(Array.from({ length: count }, () => leave));
  const tooMany = { code: "INVALID_MESSAGE", message: "The message has more than 16 frames", path: undefined };

  expect(isTaken(frames(16))).toBe(true);
  expect(inBinary(frames(17))).toEqual(tooMany);
  expect(inBinary(new Uint8Array(65_536))).toEqual(tooMany);
  expect(inBinary(frames(5_000), { frames: Infinity })).toHaveLength(5_000);
  expect(inBinary(new Uint8Array())).toEqual([]);
});

test("JSON is 32 deep with 10,000 keys and items, or as a limit says", () => {
  const ask = (json: string): Uint8Array => encodeBinaryClientFrames([{ kind: "ask", id: 1, room: 1, name: "a", input: JSON.parse(json) as unknown }]);
  const deep = (depth: number): Uint8Array => ask(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  const wide = (count: number): Uint8Array => ask(`[${Array.from({ length: count }, () => 1).join(",")}]`);

  expect([deep(32), wide(10_000), binaryEncoding.join([wide(10_000), wide(10_000)])].map((message) => isTaken(message))).toEqual([true, true, true]);
  expect([deep(33), wide(10_001)].map((message) => isTaken(message))).toEqual([false, false]);
  expect([isTaken(deep(33), { frames: 1, json: { depth: 33, keys: 50 } }), isTaken(wide(51), { frames: 1, json: { depth: 33, keys: 50 } })]).toEqual([
    true,
    false,
  ]);
});

test("what is read keeps no part of the message, a Buffer's neither", () => {
  const frames: ClientFrame[] = [{ kind: "ask", id: 1, room: 3, name: "top", input: toBytes("12345") }];
  const message = Buffer.from(encodeBinaryClientFrames(frames));

  const read = decodeBinaryClientFrames(message, limits);
  message.fill(0);

  expect(read).toStrictEqual(frames);
});
