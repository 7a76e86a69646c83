import { isSameBytes, keptBytesOf } from "../log/kept-bytes.ts";
import { clampTrim } from "../log/trim.ts";
import type { Database } from "./database.ts";
import { toRoom } from "./rows.ts";
import { trimRoom } from "./trim-room.ts";
import type { BatchWrite, CheckpointWrite, Write } from "./write.ts";

/** Applies one write inside a transaction. Returns false, and has written nothing, when the log is not where the write says. */
export function apply(db: Database, write: Write): boolean {
  return write.kind === "batch" ? applyBatch(db, write) : applyCheckpoint(db, write);
}

function applyBatch(db: Database, { room, before, head, entries, outcomes, erase, now }: BatchWrite): boolean {
  const known = db.get(`select id, "offset" from room where name = ?`, room);
  if (Number(known?.["offset"] ?? 0) !== before) return false;
  const bytes = keptBytesOf(entries);
  const values = [head.epoch, head.offset, head.check, head.position, head.publicCheck, head.version, head.callsSince, head.wakeAt ?? null, now] as const;
  const id = known === undefined ? insertRoom(db, room, values, entries.length, bytes) : Number(known["id"]);
  if (known !== undefined) {
    db.run(
      `update room set epoch = ?, "offset" = ?, "check" = ?, position = ?, public_check = ?, version = ?, calls_since = ?, wake_at = ?, changed_at = ?, entries = entries + ?, bytes = bytes + ? where id = ?`,
      ...values,
      entries.length,
      bytes,
      id,
    );
  }
  for (const entry of entries) {
    db.run(
      `insert into entry (room, "offset", "check", at, author, call_id, version, bytes, position, public_check, public_bytes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      entry.offset,
      entry.check,
      entry.at,
      entry.author ?? null,
      entry.callId ?? null,
      entry.version,
      entry.bytes,
      entry.public?.position ?? null,
      entry.public?.check ?? null,
      entry.public === undefined || isSameBytes(entry.public.bytes, entry.bytes) ? null : entry.public.bytes,
    );
  }
  for (const { key, inputHash, at, bytes: outcome, keepUntil } of outcomes) {
    db.run(
      "insert or replace into outcome (room, key, input_hash, at, bytes, keep_until) values (?, ?, ?, ?, ?, ?)",
      id,
      key,
      inputHash,
      at,
      outcome,
      keepUntil ?? null,
    );
  }
  for (const offset of erase) eraseEntry(db, id, offset);
  db.run("delete from outcome where room = ? and keep_until is null and at < ?", id, head.callsSince);
  db.run("delete from outcome where keep_until is not null and keep_until <= ?", now);
  return true;
}

function insertRoom(db: Database, room: string, values: readonly (string | number | null)[], entries: number, bytes: number): number {
  const row = db.get(
    `insert into room (epoch, "offset", "check", position, public_check, version, calls_since, wake_at, changed_at, entries, bytes, name, first_offset, first_position, trimmed_check, trimmed_public_check)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 0, 0) returning id`,
    ...values,
    entries,
    bytes,
    room,
  );
  return Number(row?.["id"]);
}

function eraseEntry(db: Database, room: number, offset: number): void {
  const size = db.get(`select length(bytes) + coalesce(length(public_bytes), 0) as size from entry where room = ? and "offset" = ?`, room, offset);
  db.run(`update entry set bytes = x'', public_bytes = null, erased = 1 where room = ? and "offset" = ?`, room, offset);
  db.run("update room set bytes = bytes - ? where id = ?", Number(size?.["size"] ?? 0), room);
}

function applyCheckpoint(db: Database, { room, checkpoint, trim }: CheckpointWrite): boolean {
  const known = db.get("select * from room where name = ?", room);
  if (known === undefined) return false;
  const { id, head } = toRoom(known);
  const { epoch, offset, check, position, publicCheck, version, bytes } = checkpoint;
  const kept = db.run(
    `insert into checkpoint (room, epoch, "offset", "check", position, public_check, version, bytes) values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (room) do update set epoch = excluded.epoch, "offset" = excluded."offset", "check" = excluded."check", position = excluded.position,
       public_check = excluded.public_check, version = excluded.version, bytes = excluded.bytes
     where excluded."offset" > checkpoint."offset"`,
    id,
    epoch,
    offset,
    check,
    position,
    publicCheck,
    version,
    bytes,
  );
  if (kept === 0) return false;
  trimRoom(db, id, head, clampTrim(trim, checkpoint, head));
  return true;
}
