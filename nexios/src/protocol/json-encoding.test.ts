import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ClientFrame, EntryFrame, ServerFrame } from "./frame.ts";
import { anyServerFrame } from "./frames.fixture.ts";
import { encodeClientFrames } from "./json-client-encoding.ts";
import { jsonEncoding } from "./json-encoding.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (frame: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(frame);
const position = { epoch: "e1", count: 7, check: 99 };
const person = { userId: "u1", name: "Ann", state: bytes('{"x":1}') };
const entry: EntryFrame = {
  kind: "entry",
  room: 3,
  count: 7,
  check: 99,
  epoch: undefined,
  at: 1_700_000_000_000,
  callId: undefined,
  version: 2,
  payload: { format: "json", bytes: bytes('{"a": 1.0}') },
};
const snapshot = { kind: "snapshot", room: 3, position, why: "gap", version: 2, inflatedBytes: undefined } as const;

test.each<[ServerFrame, string]>([
  [entry, '{"t":"e","r":3,"c":7,"k":99,"a":1700000000000,"v":2,"d":{"a": 1.0}}'],
  [{ ...entry, epoch: "e1", callId: "c1" }, '{"t":"e","r":3,"c":7,"k":99,"g":"e1","a":1700000000000,"q":"c1","v":2,"d":{"a": 1.0}}'],
  [{ ...entry, payload: { format: "bytes", bytes: Uint8Array.of(0, 255) } }, '{"t":"e","r":3,"c":7,"k":99,"a":1700000000000,"v":2,"b":"AP8="}'],
  [{ kind: "joined", id: 1, room: 3, head: position, snapshot: undefined }, '{"t":"j","i":1,"r":3,"p":["e1",7,99]}'],
  [{ kind: "joined", id: 1, room: 3, head: position, snapshot: "new" }, '{"t":"j","i":1,"r":3,"p":["e1",7,99],"w":"new"}'],
  [{ ...snapshot, part: 0, parts: 1, payload: { format: "json", bytes: bytes("[1]") } }, '{"t":"s","r":3,"p":["e1",7,99],"w":"gap","v":2,"s":0,"o":1,"d":[1]}'],
  [
    { ...snapshot, part: 1, parts: 2, payload: { format: "json", bytes: bytes("1]") } },
    '{"t":"s","r":3,"p":["e1",7,99],"w":"gap","v":2,"s":1,"o":2,"j":1,"b":"MV0="}',
  ],
  [
    { ...snapshot, part: 1, parts: 2, payload: { format: "bytes", bytes: bytes("1]") } },
    '{"t":"s","r":3,"p":["e1",7,99],"w":"gap","v":2,"s":1,"o":2,"b":"MV0="}',
  ],
  [{ kind: "accepted", id: 1, position, result: bytes("null") }, '{"t":"a","i":1,"p":["e1",7,99],"d":null}'],
  [{ kind: "accepted", id: 1, position, result: undefined }, '{"t":"a","i":1,"p":["e1",7,99]}'],
  [{ kind: "refused", id: 1, position, code: "BID_TOO_LOW", data: bytes("5") }, '{"t":"r","i":1,"p":["e1",7,99],"e":"BID_TOO_LOW","d":5}'],
  [{ kind: "refused", id: 1, position: undefined, code: "CLOSED", data: undefined }, '{"t":"r","i":1,"e":"CLOSED"}'],
  [{ kind: "answered", id: 1, value: bytes("5") }, '{"t":"q","i":1,"d":5}'],
  [
    { kind: "failed", id: 1, code: "OVERLOADED", message: 'Too "much"', path: "a.0", retryAfterMs: 0.5 },
    '{"t":"f","i":1,"e":"OVERLOADED","m":"Too \\"much\\"","f":"a.0","y":0.5}',
  ],
  [{ kind: "failed", id: 1, code: "INTERNAL", message: "No", path: undefined, retryAfterMs: undefined }, '{"t":"f","i":1,"e":"INTERNAL","m":"No"}'],
  [
    { kind: "history", id: 1, room: 3, entries: [entry, entry], isEnd: true },
    `{"t":"h","i":1,"r":3,"z":1,"l":[${`${text(jsonEncoding.encode(entry))},`.repeat(2).slice(0, -1)}]}`,
  ],
  [{ kind: "history", id: 1, room: 3, entries: [], isEnd: false }, '{"t":"h","i":1,"r":3,"l":[]}'],
  [{ kind: "signal", room: 3, name: "wave", userId: "u1", payload: bytes('"hi"') }, '{"t":"g","r":3,"n":"wave","u":"u1","d":"hi"}'],
  [{ kind: "people", room: 3, people: [person], count: 1 }, '{"t":"p","r":3,"c":1,"l":[{"u":"u1","n":"Ann","d":{"x":1}}]}'],
  [{ kind: "people", room: 3, people: undefined, count: 5_000 }, '{"t":"p","r":3,"c":5000}'],
  [
    { kind: "presence", room: 3, put: [person, person], drop: ["u2"] },
    `{"t":"d","r":3,"x":["u2"],"l":[${'{"u":"u1","n":"Ann","d":{"x":1}},'.repeat(2).slice(0, -1)}]}`,
  ],
  [{ kind: "left", room: 3, code: "FORBIDDEN" }, '{"t":"l","r":3,"e":"FORBIDDEN"}'],
  [
    { kind: "welcome", now: 5, userId: "ann", name: "Ann", expiresInMs: 900_000, messageBytes: 65_536, messageFrames: 256 },
    '{"t":"o","u":"ann","n":"Ann","now":5,"expiresInMs":900000,"messageBytes":65536,"messageFrames":256}',
  ],
  [{ kind: "renewed", id: 1, expiresInMs: undefined }, '{"t":"k","i":1}'],
  [{ kind: "pong", sentAt: 1.5, now: 5 }, '{"t":"t","sentAt":1.5,"now":5}'],
  [{ kind: "ignored", room: undefined, code: "TOO_MANY", message: "No", path: undefined, retryAfterMs: 9 }, '{"t":"x","e":"TOO_MANY","m":"No","y":9}'],
  [{ kind: "ignored", room: 3, code: "LIMIT", message: "No", path: "0.d", retryAfterMs: undefined }, '{"t":"x","r":3,"e":"LIMIT","m":"No","f":"0.d"}'],
  [{ kind: "drain", room: undefined, afterMs: 5_000, windowMs: 8_000 }, '{"t":"z","afterMs":5000,"windowMs":8000}'],
  [{ kind: "drain", room: 3, afterMs: 0, windowMs: 0 }, '{"t":"z","r":3,"afterMs":0,"windowMs":0}'],
])("%o is sent as %s", (frame, expected) => {
  expect(text(jsonEncoding.encode(frame))).toBe(expected);
});

test.each<[ClientFrame, string]>([
  [{ kind: "join", id: 1, room: "lot/1", version: 2, since: position, presence: { x: 1 } }, '{"t":"j","i":1,"r":"lot/1","v":2,"p":["e1",7,99],"d":{"x":1}}'],
  [{ kind: "join", id: 1, room: "lot/1", version: 2, since: undefined, presence: undefined }, '{"t":"j","i":1,"r":"lot/1","v":2}'],
  [{ kind: "leave", room: 3 }, '{"t":"l","r":3}'],
  [{ kind: "call", id: 1, room: 3, name: "bid", input: null, callId: "c1", isRepeat: false }, '{"t":"c","i":1,"r":3,"n":"bid","q":"c1","d":null}'],
  [{ kind: "call", id: 1, room: 3, name: "bid", input: undefined, callId: "c1", isRepeat: true }, '{"t":"c","i":1,"r":3,"n":"bid","q":"c1","isRepeat":1}'],
  [{ kind: "ask", id: 1, room: 3, name: "top", input: 5 }, '{"t":"q","i":1,"r":3,"n":"top","d":5}'],
  [{ kind: "ask", id: 1, room: 3, name: "top", input: Uint8Array.of(0, 255) }, '{"t":"q","i":1,"r":3,"n":"top","b":"AP8="}'],
  [
    { kind: "call", id: 1, room: 3, name: "bid", input: Uint8Array.of(0, 255), callId: "c1", isRepeat: true },
    '{"t":"c","i":1,"r":3,"n":"bid","q":"c1","isRepeat":1,"b":"AP8="}',
  ],
  [{ kind: "signal", room: 3, name: "wave", payload: "a\nb" }, '{"t":"g","r":3,"n":"wave","d":"a\\nb"}'],
  [{ kind: "presence", room: 3, state: undefined }, '{"t":"p","r":3}'],
  [{ kind: "history", id: 1, room: 3, before: 9, limit: 50 }, '{"t":"h","i":1,"r":3,"before":9,"limit":50}'],
])("a client sends %o as %s", (frame, expected) => {
  expect(JSON.parse(encodeClientFrames([frame]))).toEqual(JSON.parse(expected));
});

test("several frames are lines of one message", () => {
  const frames = [bytes('{"t":"l"}'), bytes('{"t":"x"}'), bytes("{}")];

  expect(text(jsonEncoding.join(frames))).toBe('{"t":"l"}\n{"t":"x"}\n{}');
  expect(text(jsonEncoding.join(frames.slice(0, 1)))).toBe('{"t":"l"}');
  expect(encodeClientFrames(Array.from({ length: 2 }, () => ({ kind: "leave", room: 1 })))).toBe('{"t":"l","r":1}\n{"t":"l","r":1}');
});

test("a frame is one line and one JSON object, whatever it holds", () => {
  fc.assert(
    fc.property(anyServerFrame, (frame) => {
      const line = text(jsonEncoding.encode(frame));

      expect(line).not.toContain("\n");
      expect(JSON.parse(line)).toHaveProperty("t");
    }),
    { numRuns: 1_000 },
  );
});

test("JSON with a line break, and no bytes at all, stand as base64", () => {
  const frame = (content: string): ServerFrame => ({ kind: "answered", id: 1, value: bytes(content) });

  expect(text(jsonEncoding.encode(frame("[\n]")))).toBe('{"t":"q","i":1,"j":1,"b":"Wwpd"}');
  expect(text(jsonEncoding.encode(frame("")))).toBe('{"t":"q","i":1,"j":1,"b":""}');
});

test("a text that is not ASCII leaves the payload beside it whole", () => {
  const frame = jsonEncoding.encode({ kind: "signal", room: 3, name: "œuvre", userId: "名前😀", payload: bytes('"é\ud83d\ude00"') });

  expect(text(frame)).toBe('{"t":"g","r":3,"n":"œuvre","u":"名前😀","d":"é😀"}');
});

test("a frame does not change when the bytes that it was made of do", () => {
  const content = bytes("12345");
  const frame = jsonEncoding.encode({ kind: "answered", id: 1, value: content });

  content.fill(0x39);

  expect(text(frame)).toBe('{"t":"q","i":1,"d":12345}');
});

test("a value without a JSON form is a mistake of the caller", () => {
  expect(() => encodeClientFrames([{ kind: "presence", room: 1, state: 1n }])).toThrow(TypeError);
});
