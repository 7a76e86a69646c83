import { crc32, inflateRawSync } from "node:zlib";
import { defaultLimits } from "nexios";
import { expect, test } from "vitest";
import { binaryEncoding, encodeBinaryClientFrames } from "../nexios/src/protocol/binary-encoding.ts";
import { clientKinds, flags, serverKinds } from "../nexios/src/protocol/binary-kinds.ts";
import type { ClientFrame, ServerFrame } from "../nexios/src/protocol/frame.ts";
import { decodeClientFrames, decodeServerFrames } from "../nexios/src/protocol/json-decoding.ts";
import { encodeClientFrames } from "../nexios/src/protocol/json-client-encoding.ts";
import { letters } from "../nexios/src/protocol/json-keys.ts";
import { jsonEncoding } from "../nexios/src/protocol/json-encoding.ts";
import { codesIn, readPage, rowsOf } from "./docs/pages.ts";

const page = readPage("docs/protocol.md");

/** A row of a table of frames: its kind, its example, and the letters that may be missing in it. */
interface Formula {
  readonly kind: string;
  readonly json: string;
  readonly optional: readonly string[];
}

const toFormulas = (heading: string): readonly Formula[] =>
  rowsOf(page, heading).map(([kind = "", json = "", optional = ""]) => ({
    kind: codesIn(kind)[0] ?? "",
    json: codesIn(json)[0] ?? "",
    optional: codesIn(optional),
  }));
const ofClient = toFormulas("## What a client sends");
const ofServer = toFormulas("## What a server sends");

function readClient(json: string): readonly ClientFrame[] {
  try {
    return decodeClientFrames(json, { frames: 1 }) as readonly ClientFrame[];
  } catch {
    return [];
  }
}

/** The example without each of its fields in turn, those of its payload left whole. */
function withoutEach(json: string): readonly (readonly [string, string])[] {
  const fields = Object.entries(JSON.parse(json) as object);
  return fields.filter(([key]) => key !== "t").map(([key]) => [key, JSON.stringify(Object.fromEntries(fields.filter(([other]) => other !== key)))]);
}

test.for(ofClient)("the example of a client's $kind is one, as our own client sends it, and may miss what its row says", ({ kind, json, optional }) => {
  const frames = readClient(json);

  expect(frames.map((frame) => frame.kind)).toEqual([kind]);
  expect(JSON.parse(encodeClientFrames(frames))).toEqual(JSON.parse(json));
  expect(withoutEach(json).filter(([, rest]) => readClient(rest).length === 1)).toEqual(withoutEach(json).filter(([key]) => optional.includes(key)));
});

test.for(ofServer)("the example of a server's $kind is one, as a server sends it, and may miss what its row says", ({ kind, json, optional }) => {
  const [frame] = decodeServerFrames(json);

  expect(frame?.kind).toBe(kind);
  expect(frame && Buffer.from(jsonEncoding.encode(frame)).toString()).toBe(json);
  expect(withoutEach(json).filter(([, rest]) => decodeServerFrames(rest).length === 1)).toEqual(withoutEach(json).filter(([key]) => optional.includes(key)));
});

test("every kind of frame has its row, and no other", () => {
  // One of each: the compiler sees which are missing.
  const client: Record<ClientFrame["kind"], true> = {
    hello: true,
    renew: true,
    ping: true,
    join: true,
    leave: true,
    call: true,
    ask: true,
    cancel: true,
    signal: true,
    presence: true,
    history: true,
  };
  const server: Record<ServerFrame["kind"], true> = {
    welcome: true,
    renewed: true,
    pong: true,
    joined: true,
    snapshot: true,
    entry: true,
    accepted: true,
    refused: true,
    answered: true,
    failed: true,
    history: true,
    signal: true,
    people: true,
    presence: true,
    left: true,
    ignored: true,
    drain: true,
  };

  expect(ofClient.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(client).toSorted());
  expect(ofServer.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(server).toSorted());
});

test("the binary examples are those of the JSON examples, and every layout has one", () => {
  const rows = rowsOf(page, "## Binary layouts").filter((row) => row.length === 4);

  const table = rows.map(
    ([kind = "", byte = "", , example = ""]) => [codesIn(kind)[0], kind.includes("of a client"), codesIn(byte)[0], codesIn(example)[0]] as const,
  );

  const client = Object.entries(clientKinds).map(
    ([kind, byte]) => [kind, kind === "signal", byte, encodeBinaryClientFrames(readClient(exampleOf(ofClient, kind)))] as const,
  );
  const server = Object.entries(serverKinds).map(
    ([kind, byte]) => [kind, false, byte, binaryEncoding.encode(decodeServerFrames(exampleOf(ofServer, kind))[0]!)] as const,
  );
  const expected = [...client, ...server].map(
    ([kind, isOfClient, byte, bytes]) => [kind, isOfClient, `0x${byte.toString(16)}`, Buffer.from(bytes).toString("hex")] as const,
  );
  expect(new Set(table)).toEqual(new Set(expected));
  expect(table).toHaveLength(expected.length);
});

test("the letters are the code's", () => {
  const rows = rowsOf(page, "## Messages and frames");

  const table = rows.flatMap(([left = "", , right = ""]) => [...codesIn(left), ...codesIn(right)]);

  expect(new Set(table)).toEqual(new Set([...Object.values(letters), "t", "b", "j"]));
});

test("the flags are the code's, in its order", () => {
  const rows = rowsOf(page, "## Binary layouts").filter((row) => row.length === 2);

  expect(rows.map(([flag = ""]) => Number(codesIn(flag)[0]))).toEqual(Object.values(flags));
});

test("the example of a snapshot inflates to as much as it says, and that of an entry continues the check", () => {
  const [snapshot] = decodeServerFrames(exampleOf(ofServer, "snapshot"));
  const [entry] = decodeServerFrames(exampleOf(ofServer, "entry"));
  if (snapshot?.kind !== "snapshot" || entry?.kind !== "entry") throw new Error("The examples are none");

  expect(inflateRawSync(snapshot.payload.bytes)).toHaveLength(snapshot.inflatedBytes ?? 0);
  expect(crc32(entry.payload.bytes, snapshot.position.check)).toBe(entry.check);
  expect(entry.count).toBe(snapshot.position.count + 1);
});

test("the limits that a client meets are the app's", () => {
  const rows = rowsOf(page, "## Connecting");

  const table = Object.fromEntries(rows.map(([name = "", value = ""]) => [codesIn(name)[0], toNumbers(value)]));

  const numbers = Object.keys(table).map((name) => [name, toNumbers(JSON.stringify(defaultLimits[name as keyof typeof defaultLimits]))]);
  expect(rows.length).toBeGreaterThan(3);
  expect(table).toEqual(Object.fromEntries(numbers));
});

function exampleOf(formulas: readonly Formula[], kind: string): string {
  return formulas.find((formula) => formula.kind === kind)?.json ?? "";
}

/** `5,000`, or `50/s, burst 100`. */
function toNumbers(text: string): readonly number[] {
  return [...text.replaceAll(/(?<=\d),(?=\d{3})/g, "").matchAll(/\d+/g)].map(Number);
}
