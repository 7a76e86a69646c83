import { decodeJson } from "../contract/json.ts";
import { toClientLine } from "../protocol/json-client-encoding.ts";
import { letters } from "../protocol/json-keys.ts";
import type { ReceivedFrame, Wire } from "./received-frame.ts";

type WireFrame = Readonly<Record<string, unknown>>;

/** Of names that share a letter the last is the one to read it under. */
const names: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(letters).map(([name, letter]) => [letter, name]));
const kinds: Readonly<Record<string, ReceivedFrame["kind"]>> = {
  e: "entry",
  s: "snapshot",
  a: "accepted",
  r: "refused",
  q: "answered",
  f: "failed",
  j: "joined",
  h: "history",
  g: "signal",
  p: "people",
  d: "presence",
  l: "left",
  o: "welcome",
  k: "renewed",
  t: "pong",
  x: "ignored",
  z: "drain",
};

/** Frames as JSON, in text messages. */
export const jsonWire: Wire = {
  subprotocol: "nexios.v1.json",
  encode: toClientLine,
  join: (frames) => frames.join("\n"),
  // A client trusts its server: the fields that a kind has are there.
  decode: (message) => (message as string).split("\n").flatMap((line) => toFrame(JSON.parse(line) as WireFrame) as ReceivedFrame),
};

/** A frame, or an item of its list; nothing for a kind that is not known. */
function toFrame(wire: WireFrame): object {
  const { t, b, j, o, p, l } = wire;
  const kind = kinds[t as string];
  if (t && !kind) return [];
  const frame: Record<string, unknown> = { kind };
  for (const [key, value] of Object.entries(wire)) frame[names[key] ?? key] = value;
  if (p) {
    const [epoch, count, check] = p as readonly unknown[];
    frame["position"] = { epoch, count, check };
  }
  if (l) frame["list"] = (l as readonly WireFrame[]).map(toFrame);
  if (b === undefined) return frame;
  const bytes = Uint8Array.from(atob(b as string), (character) => character.charCodeAt(0));
  // JSON that would have broken its line; a part of one can't be read.
  if (j === 1 && (o ?? 1) === 1) frame["value"] = decodeJson(bytes);
  else frame["bytes"] = bytes;
  return frame;
}
