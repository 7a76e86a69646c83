import { expect, test } from "vitest";
import { allocationsOf } from "./binary-allocations.fixture.ts";
import { binaryEncoding, encodeBinaryClientFrames } from "./binary-encoding.ts";
import type { ClientFrame, EntryFrame, ServerFrame } from "./frame.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (message: Uint8Array): string => Buffer.from(message).toString("hex");
const spell = (text: string): string => hex(bytes(text));
const position = { epoch: "e1", count: 7, check: 300 };
const uuid = "0190a1b2-c3d4-7000-8000-00000000000f";
const entry: EntryFrame = {
  kind: "entry",
  room: 3,
  count: 7,
  check: 300,
  epoch: undefined,
  at: 1,
  callId: undefined,
  version: 2,
  payload: { format: "json", bytes: bytes("{}") },
};
const snapshot = { kind: "snapshot", room: 3, position, why: "gap", version: 2, part: 1, parts: 300, inflatedBytes: undefined } as const;
const one = "000000000000f03f";

test.each<[ServerFrame, string]>([
  [entry, `12 65 0e 01 03 07 ac02 ${one} 02 7b7d`],
  [{ ...entry, payload: { format: "bytes", bytes: Uint8Array.of(0, 255) } }, `12 65 0e 03 03 07 ac02 ${one} 02 00ff`],
  [{ ...entry, epoch: "e1", callId: "c1" }, `18 65 14 15 03 07 ac02 ${one} 02 026531 026331 7b7d`],
  [{ ...entry, callId: uuid }, `22 65 1e 09 03 07 ac02 ${one} 02 ${uuid.replaceAll("-", "")} 7b7d`],
  [{ ...snapshot, payload: { format: "json", bytes: bytes("1]") } }, "11 73 0d 01 03 07 ac02 026531 02 01 ac02 01 315d"],
  [{ ...snapshot, inflatedBytes: 128, payload: { format: "bytes", bytes: bytes("1]") } }, "13 73 0f 43 03 07 ac02 026531 02 01 ac02 01 8001 315d"],
  [{ kind: "accepted", id: 9, position, result: bytes("null") }, `0e e1 08 09 01 07 ac02 026531 ${spell("null")}`],
  [{ kind: "accepted", id: 9, position, result: undefined }, "0a e1 08 09 00 07 ac02 026531"],
  [{ kind: "refused", id: 9, position, code: "LOW", data: bytes("5") }, `0f f2 0c 09 05 03${spell("LOW")} 07 ac02 026531 35`],
  [{ kind: "refused", id: 9, position: undefined, code: "LOW", data: undefined }, `08 f2 06 09 00 03${spell("LOW")}`],
  [{ kind: "answered", id: 300, value: bytes("5") }, "06 f1 03 ac02 01 35"],
  [{ kind: "signal", room: 3, name: "wave", userId: "é", payload: bytes('"hi"') }, `10 67 0a 01 03 04${spell("wave")} 02c3a9 ${spell('"hi"')}`],
  [{ kind: "left", room: 3, code: "FORBIDDEN" }, `21 00 00 ${spell('{"t":"l","r":3,"e":"FORBIDDEN"}')}`],
])("%o is sent as %s", (frame, expected) => {
  expect(hex(binaryEncoding.encode(frame))).toBe(expected.replaceAll(" ", ""));
});

test.each<[ClientFrame, string]>([
  [
    { kind: "call", id: 1, room: 3, name: "bid", input: { a: 1 }, callId: uuid, isRepeat: false },
    `20 e3 17 01 09 03 03${spell("bid")} ${uuid.replaceAll("-", "")} ${spell('{"a":1}')}`,
  ],
  [{ kind: "call", id: 1, room: 3, name: "bid", input: undefined, callId: "c1", isRepeat: true }, `0c e3 0a 01 30 03 03${spell("bid")} 026331`],
  [{ kind: "call", id: 1, room: 3, name: "bid", input: Uint8Array.of(1, 2), callId: "c1", isRepeat: false }, `0e e3 0a 01 13 03 03${spell("bid")} 026331 0102`],
  [{ kind: "ask", id: 1, room: 3, name: "top", input: Uint8Array.of(1, 2) }, `0b f1 07 01 03 03 03${spell("top")} 0102`],
  [{ kind: "ask", id: 1, room: 3, name: "top", input: null }, `0d f1 07 01 01 03 03${spell("top")} ${spell("null")}`],
  [{ kind: "signal", room: 3, name: "wave", payload: undefined }, `09 67 07 00 03 04${spell("wave")}`],
  [{ kind: "leave", room: 3 }, `11 00 00 ${spell('{"t":"l","r":3}')}`],
])("a client sends %o as %s", (frame, expected) => {
  expect(hex(encodeBinaryClientFrames([frame]))).toBe(expected.replaceAll(" ", ""));
});

test("a message is frames one after the other", () => {
  const frames = [Uint8Array.of(2, 1, 0), Uint8Array.of(3, 1, 0, 9)];

  expect(binaryEncoding.join(frames)).toEqual(Uint8Array.of(2, 1, 0, 3, 1, 0, 9));
  expect(binaryEncoding.join([])).toEqual(new Uint8Array());
  expect(hex(encodeBinaryClientFrames([]))).toBe("");
});

test("a message of one frame is that frame, and not a copy", () => {
  const frame = binaryEncoding.encode(entry);

  expect(binaryEncoding.join([frame])).toBe(frame);
});

test("a frame of an entry costs one allocation, of its own size", () => {
  const payload = { format: "bytes", bytes: new Uint8Array(100_000) } as const;
  binaryEncoding.encode(entry);
  let frame = new Uint8Array();

  const sizes = allocationsOf(() => (frame = binaryEncoding.encode({ ...entry, epoch: "e1", callId: uuid, payload }) as typeof frame));

  expect(sizes).toEqual([frame.length]);
  expect(frame.length).toBeLessThan(100_060);
});

test("a frame does not change when the bytes that it was made of do, or the next one is made", () => {
  const value = bytes("12345");
  const frame = binaryEncoding.encode({ kind: "answered", id: 1, value });
  const before = hex(frame);

  value.fill(0x39);
  binaryEncoding.encode({ kind: "signal", room: 9, name: "other", userId: "u", payload: value });

  expect(hex(frame)).toBe(before);
});

test("a header of any size is written whole", () => {
  const name = "x".repeat(700);
  const long = "é".repeat(9_000);

  for (const code of [name, long, "LOW"]) {
    const length = Buffer.byteLength(code);
    const frame = Buffer.from(binaryEncoding.encode({ kind: "refused", id: 1, position, code, data: bytes("5") }));

    expect(frame.indexOf(code)).toBe(frame.length - length - "07ac0202653135".length / 2);
  }
});

test("what a value does while it becomes JSON does not reach into the frame", () => {
  const input = { toJSON: () => encodeBinaryClientFrames([{ kind: "ask", id: 9, room: 9, name: "inner", input: 1 }]).length };

  const frame = encodeBinaryClientFrames([{ kind: "ask", id: 1, room: 3, name: "top", input }]);

  expect(hex(frame)).toBe(`0bf10701010303${spell("top")}${spell("13")}`);
});

test.each<ClientFrame>([
  { kind: "call", id: 1, room: 1, name: "a", input: 1n, callId: "c", isRepeat: false },
  { kind: "ask", id: -1, room: 1, name: "a", input: 1 },
  { kind: "ask", id: 1, room: 0.5, name: "a", input: 1 },
  { kind: "ask", id: 1, room: 2 ** 53, name: "a", input: 1 },
  { kind: "ask", id: NaN, room: 1, name: "a", input: 1 },
])("%o has no binary form: a mistake of the caller", (frame) => {
  expect(() => encodeBinaryClientFrames([frame])).toThrow(TypeError);
});
