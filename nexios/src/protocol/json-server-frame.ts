import type { ErrorCode } from "./codes.ts";
import type { EntryFrame, PersonFrame, ServerFrame, SnapshotReason } from "./frame.ts";
import { type Fields, invalid, takeCount, takeFlag, takeMs, takeOptional, takePosition, takeText } from "./json-fields.ts";
import { type Source, takeJson, takeList, takeNeededJson, takePayload, toSource } from "./json-source.ts";

/**
 * Reads one frame of a server; what it does not know in it is passed over, and a frame of a kind that it does not know is `undefined`.
 * @param text The frame's JSON, which `value` was parsed from.
 * @throws NexiosError INVALID_MESSAGE
 */
export function toServerFrame(value: unknown, text: string): ServerFrame | undefined {
  const source = toSource(value, text);
  switch (source.values["t"]) {
    case "e":
      return entry(source);
    case "o":
      return welcome(source);
    case "k":
      return { kind: "renewed", ...id(source), expiresInMs: takeOptional(source, "expiresInMs", "time", takeMs) };
    case "t":
      return { kind: "pong", sentAt: takeMs(source, "sentAt", "sent time"), now: takeMs(source, "now", "time") };
    case "j":
      return { kind: "joined", ...idAndRoom(source), head: takePosition(source, "p", "head"), snapshot: takeOptional(source, "w", "reason", reason) };
    case "s":
      return snapshot(source);
    case "a":
      return { kind: "accepted", ...id(source), position: takePosition(source, "p", "position"), result: takeJson(source) };
    case "r": {
      const position = takeOptional(source, "p", "position", takePosition);
      return { kind: "refused", ...id(source), position, code: takeText(source, "e", "code"), data: takeJson(source) };
    }
    case "q":
      return { kind: "answered", ...id(source), value: takeNeededJson(source) };
    case "f":
      return { kind: "failed", ...id(source), ...fault(source), retryAfterMs: takeOptional(source, "y", "time", takeMs) };
    case "h":
      return { kind: "history", ...idAndRoom(source), entries: takeList(source).map(entry), isEnd: takeFlag(source, "z", "end") };
    case "g":
      return {
        kind: "signal",
        ...room(source),
        name: takeText(source, "n", "name"),
        userId: takeText(source, "u", "user"),
        payload: takeNeededJson(source),
      };
    case "p": {
      const people = takeOptional(source, "l", "people", () => takeList(source).map(person));
      return { kind: "people", ...room(source), people, count: takeCount(source, "c", "count") };
    }
    case "d":
      return { kind: "presence", ...room(source), put: takeList(source).map(person), drop: texts(source, "x") };
    case "l":
      return { kind: "left", ...room(source), code: code(source) };
    case "x":
      return { kind: "ignored", room: takeOptional(source, "r", "room", takeCount), ...fault(source), retryAfterMs: takeOptional(source, "y", "time", takeMs) };
    case "z": {
      const only = takeOptional(source, "r", "room", takeCount);
      return { kind: "drain", room: only, afterMs: takeMs(source, "afterMs", "time"), windowMs: takeMs(source, "windowMs", "window") };
    }
    default:
      return undefined;
  }
}

function welcome(source: Source): ServerFrame {
  return {
    kind: "welcome",
    now: takeMs(source, "now", "time"),
    userId: takeText(source, "u", "user"),
    name: takeText(source, "n", "name"),
    expiresInMs: takeOptional(source, "expiresInMs", "time", takeMs),
    messageBytes: takeCount(source, "messageBytes", "size"),
    messageFrames: takeCount(source, "messageFrames", "count of frames"),
  };
}

function entry(source: Source): EntryFrame {
  if (source.values["t"] !== "e") throw invalid(source, "t", "There is no entry of this kind");
  return {
    kind: "entry",
    ...room(source),
    count: takeCount(source, "c", "count"),
    check: takeCount(source, "k", "check"),
    epoch: takeOptional(source, "g", "epoch", takeText),
    at: takeMs(source, "a", "time"),
    callId: takeOptional(source, "q", "call id", takeText),
    version: takeCount(source, "v", "version"),
    payload: takePayload(source, true),
  };
}

function snapshot(source: Source): ServerFrame {
  const parts = takeCount(source, "o", "count of parts");
  return {
    kind: "snapshot",
    ...room(source),
    position: takePosition(source, "p", "position"),
    why: reason(source, "w"),
    version: takeCount(source, "v", "version"),
    part: takeCount(source, "s", "part"),
    parts,
    inflatedBytes: takeOptional(source, "h", "size", takeCount),
    payload: takePayload(source, parts === 1),
  };
}

function person(source: Source): PersonFrame {
  return { userId: takeText(source, "u", "user"), name: takeText(source, "n", "name"), state: takeNeededJson(source) };
}

function id(source: Source): { readonly id: number } {
  return { id: takeCount(source, "i", "id") };
}

function room(source: Source): { readonly room: number } {
  return { room: takeCount(source, "r", "room") };
}

function idAndRoom(source: Source): { readonly id: number; readonly room: number } {
  return { ...id(source), ...room(source) };
}

function fault(source: Source): { readonly code: ErrorCode; readonly message: string; readonly path: string | undefined } {
  return { code: code(source), message: takeText(source, "m", "message"), path: takeOptional(source, "f", "path", takeText) };
}

/** Newer servers may have codes that we do not know: who reads a code has a way for all others. */
function code(source: Source): ErrorCode {
  return takeText(source, "e", "code") as ErrorCode;
}

function reason(fields: Fields, key: string): SnapshotReason {
  const value = fields.values[key];
  if (value === "new" || value === "gap" || value === "epoch" || value === "far") return value;
  throw invalid(fields, key, "There is no such reason for a snapshot");
}

function texts(fields: Fields, key: string): readonly string[] {
  const value = fields.values[key];
  if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
  throw invalid(fields, key, "The frame's list must be one of texts");
}
