import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBinaryClientFrames } from "../protocol/binary-decoding.ts";
import { binaryEncoding } from "../protocol/binary-encoding.ts";
import type { Payload, ServerFrame } from "../protocol/frame.ts";
import { anyClientFrame, anyServerFrame } from "../protocol/frames.fixture.ts";
import { decodeClientFrames } from "../protocol/json-decoding.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import { binaryWire } from "./binary-wire.ts";
import { jsonWire } from "./json-wire.ts";
import type { Content } from "./received-frame.ts";

type Fields = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder();
/** What an application gives as JSON is some: nothing at all is not. */
const sound = anyServerFrame.filter((frame) => payloadsOf(frame).every(({ format, bytes }) => format === "bytes" || bytes.length > 0));
const batch = fc.array(sound, { minLength: 1, maxLength: 5 });

function payloadsOf(frame: ServerFrame): readonly Payload[] {
  if (frame.kind === "history") return frame.entries.map(({ payload }) => payload);
  return frame.kind === "entry" || frame.kind === "snapshot" ? [frame.payload] : [];
}

/** As a test compares values: what is absent is left out, bytes are numbers, -0 is 0. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, each: unknown) => (each instanceof Uint8Array ? [...each] : each)));
}

/** What an application gave, of which a client may have the value or the bytes. */
function contentOf({ value, bytes }: Content, { format }: Payload, isWhole: boolean): unknown {
  if (format === "bytes" || !isWhole) return bytes;
  return bytes === undefined ? value : JSON.parse(decoder.decode(bytes));
}

/** A received frame, its contents read, without what only one of the wires says: a mark that is absent or false. */
function toFields(received: object, frame: ServerFrame): Fields {
  const { isEnd, ...fields } = received as Fields;
  if (frame.kind === "history") {
    const list = (fields["list"] as readonly Content[]).map((entry, at) => {
      const { value: _value, bytes: _bytes, ...facts } = entry as Fields;
      return { ...facts, content: contentOf(entry, frame.entries[at]?.payload ?? { format: "json", bytes: new Uint8Array() }, true) };
    });
    return { ...fields, list, isEnd: Boolean(isEnd) };
  }
  if (frame.kind !== "entry" && frame.kind !== "snapshot") return fields;
  const { value: _value, bytes: _bytes, ...facts } = fields;
  return { ...facts, content: contentOf(received, frame.payload, frame.kind === "entry" || frame.parts === 1) };
}

test("a client gets over JSON what it gets over binary", () => {
  fc.assert(
    fc.property(batch, (frames) => {
      const json = jsonWire.decode(decoder.decode(jsonEncoding.join(frames.map((frame) => jsonEncoding.encode(frame)))));
      const binary = binaryWire.decode(binaryEncoding.join(frames.map((frame) => binaryEncoding.encode(frame))));
      expect([json.length, binary.length]).toEqual([frames.length, frames.length]);
      for (const [at, frame] of frames.entries()) {
        const [overJson, overBinary] = [json[at] ?? {}, binary[at] ?? {}].map((received) => plain(toFields(received, frame)) as Fields);
        expect(overJson).toMatchObject(overBinary ?? {});
      }
    }),
    { numRuns: 400, seed: 1 },
  );
});

test("what a client gets is what the server has said", () => {
  fc.assert(
    fc.property(sound, (frame) => {
      const [received = {}] = jsonWire.decode(decoder.decode(jsonEncoding.encode(frame)));
      const { kind, ...facts } = plain(frame) as Fields;
      // Numbers and names that stand in both under the same key, or under one of their own.
      const keys = [
        "id",
        "room",
        "count",
        "check",
        "epoch",
        "at",
        "callId",
        "version",
        "position",
        "code",
        "path",
        "name",
        "userId",
        "retryAfterMs",
        "afterMs",
        "windowMs",
      ];
      const shared = Object.fromEntries(Object.entries(facts).filter(([key]) => keys.includes(key)));
      expect(plain(received)).toMatchObject({ kind, ...shared });
    }),
    { numRuns: 400, seed: 2 },
  );
});

test("a server reads over both wires what a client has said, in one message", () => {
  fc.assert(
    fc.property(fc.array(anyClientFrame, { minLength: 1, maxLength: 5 }), (frames) => {
      const json = decodeClientFrames(jsonWire.join(frames.map((frame) => jsonWire.encode(frame))) as string, { frames: 5 });
      const binary = decodeBinaryClientFrames(binaryWire.join(frames.map((frame) => binaryWire.encode(frame))) as Uint8Array, { frames: 5 });
      expect([plain(json), plain(binary)]).toEqual([plain(frames), plain(frames)]);
    }),
    { numRuns: 300, seed: 3 },
  );
});
