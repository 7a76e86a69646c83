import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NexiosError } from "./failure.ts";
import { anyClientFrame, anyEdit } from "./frames.fixture.ts";
import { type ClientFrameLimits, decodeClientFrames } from "./json-decoding.ts";
import { encodeClientFrames } from "./json-client-encoding.ts";

const limits: ClientFrameLimits = { frames: 16 };
const leave = '{"t":"l","r":1}';

/** What is wrong with a text, or how many frames it has. */
function outcome(text: string, within = limits): { code: string; message: string; path: string | undefined } | number {
  try {
    return decodeClientFrames(text, within).length;
  } catch (error) {
    if (!(error instanceof NexiosError)) throw error;
    return { code: error.code, message: error.message, path: error.path };
  }
}

function isTaken(text: string, within = limits): boolean {
  return typeof outcome(text, within) === "number";
}

test("every frame of a client comes out as it went in", () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(anyClientFrame, { maxLength: 4 }), (frames) => {
      for (const { kind } of frames) kinds.add(kind);

      expect(decodeClientFrames(encodeClientFrames(frames), limits)).toStrictEqual(frames);
    }),
    { numRuns: 2_000 },
  );
  expect(kinds.size).toBe(11);
});

test("a frame of a kind that is not known says so, with its id if it has one", () => {
  expect(decodeClientFrames('{"t":"new","i":7,"r":"?"}\n{"t":"toString"}', limits)).toStrictEqual([
    { kind: "unknown", id: 7 },
    { kind: "unknown", id: undefined },
  ]);
});

test.each([
  ["null", "A frame must be an object", "0"],
  ["[]", "A frame must be an object", "0"],
  ['"j"', "A frame must be an object", "0"],
  [`${leave}\n7`, "A frame must be an object", "1"],
  ["{}", "The frame's kind must be a text of 1 to 1000 characters", "0.t"],
  ['{"t":["l"],"r":1}', "The frame's kind must be a text of 1 to 1000 characters", "0.t"],
  ['{"t":"new","i":-1}', "The frame's id must be a whole number from 0 on", "0.i"],
  ['{"t":"k","i":1}', "The frame's token must be a text of 1 to 8192 characters", "0.token"],
  ['{"t":"o","inflates":2}', "The frame's mark of inflating must be 1 or left out", "0.inflates"],
  ['{"t":"t","sentAt":"now"}', "The frame's sent time must be a number from 0 on", "0.sentAt"],
  ['{"t":"l"}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"l","r":-1}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"l","r":-0}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"l","r":1.5}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"l","r":9007199254740992}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"l","r":"1"}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"l","r":null}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"l","r":[1]}', "The frame's room must be a whole number from 0 on", "0.r"],
  [`${leave}\n${leave}\n{"t":"l"}`, "The frame's room must be a whole number from 0 on", "2.r"],
  ['{"t":"j","i":1,"r":1,"v":1}', "The frame's room must be a text of 1 to 1000 characters", "0.r"],
  ['{"t":"j","i":1,"r":"","v":1}', "The frame's room must be a text of 1 to 1000 characters", "0.r"],
  ['{"t":"j","i":1,"r":"a"}', "The frame's version must be a whole number from 0 on", "0.v"],
  ['{"t":"j","r":"a","v":1}', "The frame's id must be a whole number from 0 on", "0.i"],
  ['{"t":"j","i":1,"r":"a","v":1,"p":null}', "The frame's position must be a position: an epoch, a count and a check", "0.p"],
  ['{"t":"j","i":1,"r":"a","v":1,"p":["e",1]}', "The frame's position must be a position: an epoch, a count and a check", "0.p"],
  ['{"t":"j","i":1,"r":"a","v":1,"p":["e",-1,1]}', "The frame's position must be a position: an epoch, a count and a check", "0.p"],
  ['{"t":"j","i":1,"r":"a","v":1,"p":["e",1,0.5]}', "The frame's position must be a position: an epoch, a count and a check", "0.p"],
  ['{"t":"j","i":1,"r":"a","v":1,"p":[1,1,1]}', "The frame's position must be a position: an epoch, a count and a check", "0.p"],
  ['{"t":"c","i":1,"r":1,"n":"","q":"c"}', "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ['{"t":"c","i":1,"r":1,"n":"a"}', "The frame's call id must be a text of 1 to 64 characters", "0.q"],
  ['{"t":"c","i":1,"r":1,"n":"a","q":""}', "The frame's call id must be a text of 1 to 64 characters", "0.q"],
  ['{"t":"c","i":1,"r":1,"n":"a","q":"c","isRepeat":true}', "The frame's mark of a repeat must be 1 or left out", "0.isRepeat"],
  ['{"t":"c","i":1,"r":1,"n":"a","q":"c","isRepeat":0}', "The frame's mark of a repeat must be 1 or left out", "0.isRepeat"],
  ['{"t":"c","i":1,"r":1,"n":"a","q":"c","b":"A"}', "The frame's input must be base64", "0.b"],
  ['{"t":"q","i":1,"r":1,"n":"a","b":"AA-_"}', "The frame's input must be base64", "0.b"],
  ['{"t":"q","i":1,"r":1,"n":"a","b":7}', "The frame's input must be a text", "0.b"],
  ['{"t":"q","i":1,"r":1,"n":"a","b":null}', "The frame's input must be a text", "0.b"],
  ['{"t":"q","i":1,"r":1,"n":7}', "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ['{"t":"g","r":1}', "The frame's name must be a text of 1 to 1000 characters", "0.n"],
  ['{"t":"p","r":"1"}', "The frame's room must be a whole number from 0 on", "0.r"],
  ['{"t":"h","i":1,"r":1,"limit":1}', "The frame's count must be a whole number from 0 on", "0.before"],
  ['{"t":"h","i":1,"r":1,"before":1}', "The frame's limit must be a whole number from 0 on", "0.limit"],
])("%s is refused: %s", (text, message, path) => {
  expect(outcome(text)).toEqual({ code: "INVALID_MESSAGE", message, path });
});

test.each([
  ["{", "The message is not JSON", "0"],
  [`${leave}\n`, "The message is not JSON", "1"],
  [`\n${leave}`, "The message is not JSON", "0"],
  [`${leave}${leave}`, "The message is not JSON", "0"],
  ['{"t":"l","r":1e999}', "The message has a number that is too large", "0"],
  ['{"t":"p","r":1,"d":{"__proto__":1}}', 'The message has a key "__proto__"', "0"],
])("%j is not taken as JSON: %s", (text, message, path) => {
  expect(outcome(text)).toEqual({ code: "BAD_JSON", message, path });
});

test("fields that are not known are passed over", () => {
  expect(decodeClientFrames(' {"t":"l","r":1,"new":{"a":[]},"d":1,"y":true} ', limits)).toStrictEqual([{ kind: "leave", room: 1 }]);
});

test("an input of bytes stands as base64, and of JSON beside it the JSON counts", () => {
  const ask = (members: string): string => `{"t":"q","i":1,"r":1,"n":"a"${members}}`;
  const inputs = ['"b":"AP8="', '"b":""', '"b":"AP8=","d":null', '"d":"AP8="'].map((member) => decodeClientFrames(ask(`,${member}`), limits));

  expect(inputs.flat().map((frame) => "input" in frame && frame.input)).toStrictEqual([Uint8Array.of(0, 255), new Uint8Array(), null, "AP8="]);
});

test("a name has at most 1,000 characters, and a call id 64", () => {
  const join = (length: number): string => `{"t":"j","i":1,"r":"${"a".repeat(length)}","v":1}`;
  const signal = (length: number): string => `{"t":"g","r":1,"n":"${"a".repeat(length)}"}`;
  const call = (length: number): string => `{"t":"c","i":1,"r":1,"n":"a","q":"${"a".repeat(length)}"}`;
  const since = (length: number): string => `{"t":"j","i":1,"r":"a","v":1,"p":["${"a".repeat(length)}",1,1]}`;

  expect([join(1_000), signal(1_000), call(64), since(1_000), since(0)].map((text) => isTaken(text))).toEqual([true, true, true, true, true]);
  expect([join(1_001), signal(1_001), call(65), since(1_001)].map((text) => isTaken(text))).toEqual([false, false, false, false]);
});

test("a message has at most as many frames as the limit says", () => {
  const lines = (count: number): string => Array.from({ length: count }, () => leave).join("\n");
  const tooMany = { code: "INVALID_MESSAGE", message: "The message has more than 16 frames", path: undefined };

  expect(outcome(lines(16))).toBe(16);
  expect(outcome(lines(17))).toEqual(tooMany);
  expect(outcome("\n".repeat(65_535))).toEqual(tooMany);
  expect(outcome(lines(5_000), { frames: Infinity })).toBe(5_000);
  expect(outcome("")).toBe(0);
});

test("a frame is 32 deep with 10,000 keys and items, or as a limit says", () => {
  const deep = (depth: number): string => `{"t":"p","r":1,"d":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
  const wide = (count: number): string => `{"t":"p","r":1,"d":[${Array.from({ length: count - 3 }, () => 1).join(",")}]}`;

  expect([deep(32), wide(10_000), `${wide(10_000)}\n${wide(10_000)}`].map((text) => isTaken(text))).toEqual([true, true, true]);
  expect([deep(33), wide(10_001)].map((text) => isTaken(text))).toEqual([false, false]);
  expect(isTaken(deep(33), { frames: 1, json: { depth: 33, keys: 50 } })).toBe(true);
  expect(isTaken(wide(51), { frames: 1, json: { depth: 33, keys: 50 } })).toBe(false);
});

test("20,000 mutated texts are read, or refused with BAD_JSON or INVALID_MESSAGE", () => {
  const seen = { taken: 0, BAD_JSON: 0, INVALID_MESSAGE: 0 };
  fc.assert(
    fc.property(fc.array(anyClientFrame, { minLength: 1, maxLength: 2 }), fc.array(anyEdit, { minLength: 1, maxLength: 3 }), (frames, edits) => {
      const text = edits.reduce((before, edit) => edit(before), encodeClientFrames(frames));

      const result = outcome(text);

      const kind = typeof result === "number" ? "taken" : result.code;
      expect(seen).toHaveProperty(kind);
      seen[kind as keyof typeof seen]++;
    }),
    { numRuns: 20_000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
});
