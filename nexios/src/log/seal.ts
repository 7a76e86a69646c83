import { NexiosError } from "../protocol/failure.ts";
import { checksum, listChecksum } from "./checksum.ts";
import { isSameBytes } from "./kept-bytes.ts";
import type { Batch, Head, Millis, NewEntry, Offset, Outcome, PublicEntry, StoredEntry } from "./log.ts";

/** A batch as it will stand in the log, and the head behind it. */
export interface Sealed {
  readonly entries: readonly StoredEntry[];
  readonly head: Head;
}

/** The head of a log that has no entry. */
export function emptyHead(epoch: string): Head {
  return { epoch, offset: 0, check: 0, position: 0, publicCheck: 0, version: 1, callsSince: 0, wakeAt: undefined, firstOffset: 1, firstPosition: 1 };
}

/** Whether an outcome is still answered. */
export function isRemembered({ at, keepUntil }: Pick<Outcome, "at" | "keepUntil">, { callsSince }: Head, now: Millis): boolean {
  return keepUntil === undefined ? at >= callsSince : keepUntil > now;
}

/** Gives a batch its offsets, positions and checks. Every log does it by this function, so that all of them count alike. */
export function seal(head: Head, batch: Batch): Sealed {
  const entries: StoredEntry[] = [];
  let { offset, check, position, publicCheck } = head;
  for (const entry of batch.entries) {
    const { at, author, callId, version: writtenBy, bytes, publicBytes } = entry;
    offset++;
    check = nextCheck(check, offset, entry);
    if (publicBytes !== undefined) {
      position++;
      publicCheck = nextPublicCheck(publicCheck, publicBytes);
    }
    const part = publicBytes && { position, check: publicCheck, bytes: isSameBytes(publicBytes, bytes) ? bytes : publicBytes };
    entries.push({ offset, check, at, author, callId, version: writtenBy, bytes, public: part, erased: false });
  }
  const { version, wakeAt, callsSince } = batch;
  return {
    entries,
    head: {
      ...head,
      offset,
      check,
      position,
      publicCheck,
      wakeAt,
      version: Math.max(head.version, version),
      callsSince: Math.max(head.callsSince, callsSince),
    },
  };
}

/** The running check over public parts, one part further. */
export function nextPublicCheck(before: number, publicBytes: Uint8Array): number {
  return checksum(publicBytes, before);
}

/** @throws NexiosError DAMAGED when an entry is not what was written behind one whose check is `before`. What was erased can't be told any more. */
export function verify(room: string, before: number, entry: StoredEntry): void {
  if (entry.erased || chains(before, entry)) return;
  throw new NexiosError("DAMAGED", `Entry ${entry.offset} of ${room} is not what was written: restore the store from a backup`);
}

/**
 * All that can be told of an entry that is not kept whole. @throws NexiosError DAMAGED when its public bytes are not what was written behind a public part whose
 * check is `before`.
 */
export function verifyPublic(room: string, before: number, { position, check, bytes, erased }: PublicEntry): void {
  if (erased || nextPublicCheck(before, bytes) === check) return;
  throw new NexiosError("DAMAGED", `Public entry ${position} of ${room} is not what was written: restore the store from a backup`);
}

/** Whether an entry was written behind one whose check is `before`. */
export function chains(before: number, entry: StoredEntry): boolean {
  const facts = { ...entry, publicBytes: entry.public?.bytes };
  return nextCheck(before, entry.offset, facts) === entry.check || formerCheck(before, entry.offset, facts) === entry.check;
}

/** The running check one entry further. Its call id is no part of it, so that it can be told of an entry that is packed. */
export function nextCheck(before: number, offset: Offset, { at, author, version, bytes, publicBytes }: NewEntry): number {
  // Lengths are part of it, so that nothing can move from one field to the next.
  return contentCheck(before, [offset, at, author, version, bytes.length, publicBytes?.length ?? -1], bytes, publicBytes);
}

/** As it was when call ids were a part of it: entries of that time keep theirs. */
function formerCheck(before: number, offset: Offset, { at, author, callId, version, bytes, publicBytes }: NewEntry): number {
  return contentCheck(before, [offset, at, author, callId, version, bytes.length, publicBytes?.length ?? -1], bytes, publicBytes);
}

function contentCheck(before: number, fields: readonly (number | string | undefined)[], bytes: Uint8Array, publicBytes: Uint8Array | undefined): number {
  const checked = checksum(bytes, listChecksum(fields, before));
  return publicBytes === undefined ? checked : checksum(publicBytes, checked);
}
