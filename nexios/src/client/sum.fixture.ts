import { crc32 } from "node:zlib";
import { defineRoom } from "../contract/define-room.ts";
import { encodeJson } from "../contract/json.ts";
import { type } from "../contract/type.ts";
import type { ClientFrame, EntryFrame, ServerFrame } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";

type SnapshotFrame = ServerFrame & { readonly kind: "snapshot" };

/** A sum: what a test's room is. */
export const sum = defineRoom("sum/{id}", {
  log: "durable",
  entry: type<{ by: number }>(),
  state: type<{ sum: number }>(),
  calls: {
    add: { input: type<{ by: number }>(), result: type<number>(), refusals: { TOO_MUCH: type<{ most: number }>() } },
    clear: {},
    draw: { input: type<Uint8Array>() },
  },
  questions: { double: { result: type<number>() } },
  signals: { wave: type<{ to: string }>() },
  presence: type<{ at: number }>(),
}).fold({ sum: 0 }, (state, { by }) => ({ sum: state.sum + by }));

/** The number that a test's server gives to a room. */
export const room = 7;

/** The beginning of the log. */
export const start: Position = { epoch: "e", count: 0, check: 0 };

/** Entries that follow each other from the beginning, each adding its number. */
export function entries(count: number): readonly EntryFrame[] {
  let check = 0;
  return Array.from({ length: count }, (_, index) => {
    const bytes = encodeJson({ by: index + 1 });
    check = crc32(bytes, check);
    const epoch = index === 0 ? "e" : undefined;
    return { kind: "entry", room, count: index + 1, check, epoch, at: 5, callId: undefined, version: 1, payload: { format: "json", bytes } };
  });
}

/** The one of that count. */
export function entry(count: number, callId?: string): EntryFrame {
  const found = entries(count).at(-1);
  if (found === undefined) throw new TypeError("Entries count from 1");
  return { ...found, callId };
}

/** Where one stands that has the first so many. */
export function positionAfter(count: number): Position {
  return count === 0 ? start : { epoch: "e", count, check: entry(count).check };
}

/** The state there, as one part of a snapshot. */
export function snapshot(count: number, { part = 0, parts = 1 } = {}): SnapshotFrame {
  const bytes = encodeJson({ sum: (count * (count + 1)) / 2 });
  const size = Math.ceil(bytes.length / parts);
  const payload = { format: "json", bytes: bytes.subarray(part * size, (part + 1) * size) } as const;
  return { kind: "snapshot", room, position: positionAfter(count), why: "new", version: 1, part, parts, inflatedBytes: undefined, payload };
}

/** The answer to a join of a log that has nothing yet, or that the client knows. */
export function joinedBy({ id, since }: ClientFrame & { readonly kind: "join" }): readonly ServerFrame[] {
  if (since !== undefined) return [{ kind: "joined", id, room, head: since, snapshot: undefined }];
  return [{ kind: "joined", id, room, head: start, snapshot: "new" }, snapshot(0)];
}

/** What a server says that could not do what was asked for. */
export function failure(id: number, code: (ServerFrame & { readonly kind: "failed" })["code"], retryAfterMs?: number): ServerFrame {
  return { kind: "failed", id, code, message: "", path: undefined, retryAfterMs };
}
