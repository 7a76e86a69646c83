import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyEdit, anyJsonText, anyServerFrame } from "./frames.fixture.ts";
import type { ServerFrame } from "./frame.ts";
import { decodeServerFrames } from "./json-decoding.ts";
import { jsonEncoding } from "./json-encoding.ts";

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const toText = (message: Uint8Array): string => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message);
const good = '{"t":"l","r":1,"e":"FORBIDDEN"}';
const left = { kind: "left", room: 1, code: "FORBIDDEN" };

test("every frame of a server comes out as it went in, from bytes and from text", () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(anyServerFrame, { maxLength: 4 }), (frames) => {
      const message = jsonEncoding.join(frames.map((frame) => jsonEncoding.encode(frame)));
      for (const { kind } of frames) kinds.add(kind);

      expect(decodeServerFrames(message)).toStrictEqual(frames);
      expect(decodeServerFrames(toText(message))).toStrictEqual(frames);
    }),
    { numRuns: 2_000 },
  );
  expect(kinds.size).toBe(17);
});

test("JSON comes out byte by byte, however the frame around it is written", () => {
  const space = fc.constantFrom("", " ", "\t");
  const unbroken = anyJsonText.map((json) => json.replaceAll("\n", " "));
  fc.assert(
    fc.property(unbroken, unbroken, space, fc.boolean(), (json, other, gap, isLast) => {
      const members = [`"t"${gap}:${gap}"q"`, `"other"${gap}:${gap}${other}`, `"\\u0069":${gap}5`, `${gap}"d"${gap}:${gap}${json}${gap}`];
      const line = `${gap}{${(isLast ? members : members.toReversed()).join(`${gap},`)}}${gap}`;

      expect(decodeServerFrames(line)).toStrictEqual([{ kind: "answered", id: 5, value: toBytes(json) }]);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  '{"t":"new kind","r":1}',
  '{"t":7}',
  '{"t":["l"]}',
  "{}",
  "[]",
  "null",
  "7",
  "",
  "not JSON",
  '{"t":"l","r":1,"e":"FORBIDDEN"',
  '{"t":"l","r":-1,"e":"FORBIDDEN"}',
  '{"t":"l","r":1.5,"e":"FORBIDDEN"}',
  '{"t":"l","r":-0,"e":"FORBIDDEN"}',
  '{"t":"z","a":-0,"w":0}',
  '{"t":"j","i":1,"r":1,"p":["e",-0,1]}',
  '{"t":"q","i":1,"j":1,"b":"Wwo="}',
  '{"t":"q","i":1,"j":1,"b":"Iv8i"}',
  '{"t":"a","i":1,"p":["e",1,1],"b":"Wwo="}',
  '{"t":"p","r":1,"c":1,"l":[{"u":"u","n":"n","j":1,"b":"Wwo="}]}',
  '{"t":"e","r":1,"c":1,"k":1,"a":1,"v":1,"j":1,"b":"Wwo="}',
  '{"t":"s","r":1,"p":["e",1,1],"w":"new","v":1,"s":0,"o":1,"j":1,"b":"Wwo="}',
  '{"t":"l","r":9007199254740992,"e":"FORBIDDEN"}',
  '{"t":"l","r":"1","e":"FORBIDDEN"}',
  '{"t":"l","r":null,"e":"FORBIDDEN"}',
  '{"t":"l","r":1}',
  '{"t":"j","i":1,"r":1,"p":["e",1,1],"w":"other"}',
  '{"t":"j","i":1,"r":1,"p":["e",1]}',
  '{"t":"j","i":1,"r":1,"p":{"e":1}}',
  '{"t":"j","i":1,"r":1,"p":[1,1,1]}',
  '{"t":"q","i":1}',
  '{"t":"q","i":1,"b":"A"}',
  '{"t":"q","i":1,"b":7}',
  '{"t":"q","i":1,"d":"\ud800"}',
  '{"t":"e","r":1,"c":1,"k":1,"a":1e999,"v":1,"d":1}',
  '{"t":"e","r":1,"c":1,"k":1,"a":1,"v":1}',
  '{"t":"e","r":1,"c":1,"k":1,"a":1,"v":1,"j":2,"b":""}',
  '{"t":"h","i":1,"r":1}',
  '{"t":"h","i":1,"r":1,"l":{}}',
  '{"t":"h","i":1,"r":1,"l":[1]}',
  '{"t":"h","i":1,"r":1,"z":0,"l":[]}',
  '{"t":"h","i":1,"r":1,"l":[{"t":"l","r":1,"c":1,"k":1,"a":1,"v":1,"d":1}]}',
  '{"t":"p","r":1,"c":1,"l":[{"u":"u","n":"n"}]}',
  '{"t":"d","r":1,"x":[1],"l":[]}',
  '{"t":"z","a":-1,"w":0}',
])("%j is skipped, and its neighbours are not", (line) => {
  expect(decodeServerFrames(`${good}\n${line}\n${good}`)).toEqual([left, left]);
});

test("a frame that opens 300,000 arrays is skipped, and one that closes them too is taken", () => {
  const opened = `{"t":"q","i":1,"d":${"[".repeat(300_000)}`;

  expect(decodeServerFrames(`${opened}\n${good}`)).toEqual([left]);
  expect(decodeServerFrames(`${opened}${"]".repeat(300_000)}}\n${good}`)).toHaveLength(2);
});

test("bytes that are not UTF-8 spoil their own frame alone", () => {
  const broken = toBytes('{"t":"q","i":1,"d":"?"}').map((byte) => (byte === 0x3f ? 0xff : byte));
  const marked = toBytes(`\ufeff${good}`);
  const message = jsonEncoding.join([toBytes(good), broken, marked, toBytes(good)]);

  expect(decodeServerFrames(message)).toEqual([left, left]);
});

test("fields that are not known are passed over, and of two with one name the last counts", () => {
  const line = '{"d":{"d":0},"t":"q","new":{"d":[]},"i":1,"\\u0064":[ 1 ],"__proto__":{"i":2}}';

  expect(decodeServerFrames(line)).toStrictEqual([{ kind: "answered", id: 1, value: toBytes("[ 1 ]") }]);
});

test("only a part of several may hold what is no JSON by itself", () => {
  const part = (of: number): string => `{"t":"s","r":1,"p":["e",1,1],"w":"new","v":1,"s":0,"o":${of},"j":1,"b":"Wwo="}`;

  expect(decodeServerFrames(part(2))).toMatchObject([{ kind: "snapshot", payload: { format: "json", bytes: toBytes("[\n") } }]);
  expect(decodeServerFrames(part(1))).toEqual([]);
});

test("a code that is newer than the client comes through", () => {
  expect(decodeServerFrames('{"t":"l","r":1,"e":"NEWER"}')).toEqual([{ kind: "left", room: 1, code: "NEWER" }]);
});

test("a message of nothing has no frames", () => {
  expect(decodeServerFrames("")).toEqual([]);
  expect(decodeServerFrames(new Uint8Array())).toEqual([]);
});

test("20,000 mutated messages are read without a failure", () => {
  let damaged = 0;
  let taken = 0;
  fc.assert(
    fc.property(fc.array(anyServerFrame, { minLength: 1, maxLength: 2 }), fc.array(anyEdit, { minLength: 1, maxLength: 3 }), (frames, edits) => {
      const text = edits.reduce((before, edit) => edit(before), toText(jsonEncoding.join(frames.map((frame) => jsonEncoding.encode(frame)))));

      const read = decodeServerFrames(text);

      if (read.length < frames.length) damaged++;
      taken += read.length;
      for (const frame of read) expect(isSound(frame)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
  expect(damaged).toBeGreaterThan(5_000);
  expect(taken).toBeGreaterThan(5_000);
});

test("messages with mutated bytes are read without a failure", () => {
  const change = fc.tuple(fc.nat({ max: 1_000_000 }), fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...toBytes('-0e."[{'))));
  fc.assert(
    fc.property(fc.array(anyServerFrame, { minLength: 1, maxLength: 3 }), fc.array(change, { maxLength: 4 }), (frames, changes) => {
      const message = jsonEncoding.join(frames.map((frame) => jsonEncoding.encode(frame)));
      for (const [at, byte] of changes) message[at % message.length] = byte;

      for (const frame of decodeServerFrames(message)) expect(isSound(frame)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

/** Whether a frame that was read can be sent again and read as the same. */
function isSound(frame: ServerFrame): boolean {
  const [again] = decodeServerFrames(jsonEncoding.encode(frame));
  expect(again).toStrictEqual(frame);
  return true;
}
