import type { Checkpoint, NewEntry, Outcome, StoredEntry } from "../log.ts";
import { allRoomColumns, checkpointColumns, entryColumns, outcomeColumns } from "./columns.ts";
import type { RoomRow } from "./room-row.ts";
import { damaged, requireChecked, type Row, toBytes } from "./row-check.ts";

/** @throws NexiosError DAMAGED */
export function toRoom(row: Row): RoomRow {
  requireChecked(`The row of ${String(row["name"])}`, row, allRoomColumns);
  return {
    id: Number(row["id"]),
    name: String(row["name"]),
    head: {
      ...toStanding(row),
      callsSince: Number(row["calls_since"]),
      wakeAt: optionalNumber(row["wake_at"]),
      firstOffset: Number(row["first_offset"]),
      firstPosition: Number(row["first_position"]),
    },
    trimmedCheck: Number(row["trimmed_check"]),
    trimmedPublicCheck: Number(row["trimmed_public_check"]),
    changedAt: Number(row["changed_at"]),
    entries: Number(row["entries"]),
    bytes: Number(row["bytes"]),
    outcomes: { count: Number(row["outcomes"]), bytes: Number(row["outcome_bytes"]), checks: Number(row["outcome_checks"]) },
    checkpoint: optionalNumber(row["checkpoint"]),
    check: Number(row["row_check"]),
  };
}

/** All of it but its content is checked; that is for its running checks. @throws NexiosError DAMAGED */
export function toEntry(name: string, row: Row): StoredEntry {
  const what = `Entry ${String(row["offset"])} of ${name}`;
  requireChecked(what, row, entryColumns);
  const content = toBytes(what, row["bytes"]);
  const publicBytes = row["public_bytes"] === null ? undefined : toBytes(what, row["public_bytes"]);
  const [position, erased] = [optionalNumber(row["position"]), row["erased"] === 1];
  if (publicBytes !== undefined && position === undefined) throw damaged(what);
  // No running check can be made of what is erased, but that it has nothing left.
  if (erased && (content.length > 0 || publicBytes !== undefined)) throw damaged(what);
  return {
    offset: Number(row["offset"]),
    check: Number(row["check"]),
    ...toFacts(row),
    bytes: content,
    public: position === undefined ? undefined : { position, check: Number(row["public_check"]), bytes: publicBytes ?? content },
    erased,
  };
}

/** @throws NexiosError DAMAGED */
export function toOutcome(name: string, row: Row): Outcome {
  const what = `An outcome of ${name}`;
  requireChecked(what, row, outcomeColumns, "bytes");
  return {
    key: String(row["key"]),
    inputHash: String(row["input_hash"]),
    at: Number(row["at"]),
    bytes: toBytes(what, row["bytes"]),
    keepUntil: optionalNumber(row["keep_until"]),
  };
}

/** @throws NexiosError DAMAGED */
export function toCheckpoint(name: string, row: Row): Checkpoint {
  const what = `The checkpoint of ${name}`;
  requireChecked(what, row, checkpointColumns, "bytes");
  return { ...toStanding(row), bytes: toBytes(what, row["bytes"]) };
}

function toFacts(row: Row): Pick<NewEntry, "at" | "author" | "callId" | "version"> {
  return { at: Number(row["at"]), author: optionalText(row["author"]), callId: optionalText(row["call_id"]), version: Number(row["version"]) };
}

/** What a head and a checkpoint have in common. */
function toStanding(row: Row): Omit<Checkpoint, "bytes"> {
  return {
    epoch: String(row["epoch"]),
    offset: Number(row["offset"]),
    check: Number(row["check"]),
    position: Number(row["position"]),
    publicCheck: Number(row["public_check"]),
    version: Number(row["version"]),
  };
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function optionalNumber(value: unknown): number | undefined {
  return value === null ? undefined : Number(value);
}
