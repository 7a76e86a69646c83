import type { Checkpoint, Outcome, StoredEntry } from "../log.ts";
import type { Pack } from "./pack.ts";
import type { RoomRow } from "./room-row.ts";
import { rowCheck, type Value } from "./row-check.ts";

// Each check is over the columns of its list, in its order, and then over the bytes that the row has beside them.

/** The columns of a room that change. */
export const roomColumns: readonly string[] =
  "epoch offset check position public_check version calls_since wake_at first_offset first_position trimmed_check trimmed_public_check changed_at entries bytes outcomes outcome_bytes outcome_checks checkpoint".split(
    " ",
  );
export const allRoomColumns: readonly string[] = [...roomColumns, "name"];
export const entryColumns: readonly string[] = ["room", "offset", "check", "at", "author", "call_id", "version", "position", "public_check", "erased"];
export const outcomeColumns: readonly string[] = ["room", "key", "input_hash", "at", "keep_until"];
export const checkpointColumns: readonly string[] = ["room", "epoch", "offset", "check", "position", "public_check", "version"];
export const packColumns: readonly string[] = ["room", "first_offset", "last_offset", "before_check", "last_check", "before_position", "last_position"];

/** In the order of `roomColumns`. */
export function roomValues({ head, trimmedCheck, trimmedPublicCheck, changedAt, entries, bytes, outcomes, checkpoint }: RoomRow): readonly Value[] {
  return [
    head.epoch,
    head.offset,
    head.check,
    head.position,
    head.publicCheck,
    head.version,
    head.callsSince,
    head.wakeAt ?? null,
    head.firstOffset,
    head.firstPosition,
    trimmedCheck,
    trimmedPublicCheck,
    changedAt,
    entries,
    bytes,
    outcomes.count,
    outcomes.bytes,
    outcomes.checks,
    checkpoint ?? null,
  ];
}

export function roomCheck(name: string, values: readonly Value[]): number {
  return rowCheck([...values, name]);
}

/** Its content is for its running checks, so that it stays when content goes. */
export function entryCheck(room: number, { offset, check, at, author, callId, version, public: part, erased }: StoredEntry): number {
  return rowCheck([room, offset, check, at, author ?? null, callId ?? null, version, part?.position ?? null, part?.check ?? null, erased ? 1 : 0]);
}

export function outcomeCheck(room: number, { key, inputHash, at, keepUntil, bytes }: Outcome): number {
  return rowCheck([room, key, inputHash, at, keepUntil ?? null], bytes);
}

export function checkpointCheck(room: number, { epoch, offset, check, position, publicCheck, version, bytes }: Checkpoint): number {
  return rowCheck([room, epoch, offset, check, position, publicCheck, version], bytes);
}

export function packCheck(room: number, { firstOffset, lastOffset, beforeCheck, lastCheck, beforePosition, lastPosition, bytes }: Pack): number {
  return rowCheck([room, firstOffset, lastOffset, beforeCheck, lastCheck, beforePosition, lastPosition], bytes);
}
