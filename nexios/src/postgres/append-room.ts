import { NexiosError } from "../protocol/failure.ts";
import { keptBytesOf } from "../log/kept-bytes.ts";
import type { AppendRequest, Appended, Batch, Decide, Known, LogLimits, Millis, Offset, Outcome as CallOutcome, Place } from "../log/log.ts";
import { outcomeCheck } from "../log/rows/columns.ts";
import { emptyRoom, type RoomRow } from "../log/rows/room-row.ts";
import { damaged } from "../log/rows/row-check.ts";
import { toOutcome } from "../log/rows/rows.ts";
import { isRemembered, seal } from "../log/seal.ts";
import { isStorableText, requireStorable } from "../log/storable.ts";
import type { Connection } from "./connection.ts";
import type { Outcome } from "./connections.ts";
import { insertEntries } from "./entry-rows.ts";
import { eraseEntries } from "./erase-entries.ts";
import { lockOrMakeRoom, lockRoom, readRoom, updateRoom } from "./room-rows.ts";
import { StoredEntries } from "./stored-entries.ts";
import type { LastPack } from "./packs.ts";
import { writeOutcomes } from "./write-outcomes.ts";

/** What appends go by. */
export interface AppendRules {
  readonly limits: LogLimits;
  readonly now: () => Millis;
  readonly newEpoch: () => string;
  readonly lastPack: LastPack;
  /** Rooms whose outcomes were all looked at, by their ids. */
  readonly audited: Set<number>;
}

/** So many entries may be read under a room's lock whatever their size; of more, so many bytes. */
const fewEntries = 16;
const tailBytes = 4_194_304;
/** Rooms that are remembered as looked at: of more all are looked at again. */
const auditedRooms = 100_000;

/** Decides a batch under the lock of a room's row and writes it, as a transaction. What is read under the lock has bounds; with the writes the commit is sent. */
export async function appendRoom(db: Connection, request: AppendRequest, decide: Decide, rules: AppendRules): Promise<Outcome<Appended>> {
  const { room, from, keys } = request;
  requireName(room);
  // A room that nobody has written to is made, but for somebody who comes from another past.
  const row = from === undefined ? await lockOrMakeRoom(db, room, rules.newEpoch) : await lockRoom(db, room);
  if (row === undefined) return not({ kind: "diverged", head: emptyRoom(room, rules.newEpoch()).head });
  const { head } = row;
  const stored = new StoredEntries(db, rules.lastPack);
  if (from !== undefined && !(await isPlace(stored, row, from))) return not({ kind: "diverged", head });
  const after = from?.offset ?? 0;
  if (after + 1 < head.firstOffset || (await isFarBehind(db, row, after, rules.limits))) return not({ kind: "behind", head });
  const [entries, outcomes] = await Promise.all([
    after === head.offset ? [] : stored.read(row, { after, until: head.offset }),
    keys.length === 0 ? [] : outcomesOf(db, row, keys),
    keys.length === 0 ? undefined : audit(db, row, rules.audited),
  ]);
  const batch = decide({ head, entries }, toKnown(row, keys, outcomes, rules.now()));
  if (batch === undefined) return not({ kind: "appended", head, entries: [] });
  const found = new Set(outcomes.map(({ key }) => key));
  return write(db, row, batch, new Set(keys.filter((key) => !found.has(key))), rules);
}

/** A place further back than what is kept is taken at its word: its check is gone. @throws NexiosError DAMAGED */
export async function isPlace(stored: StoredEntries, room: RoomRow, { epoch, offset, check }: Place): Promise<boolean> {
  const { head } = room;
  if (epoch !== head.epoch || offset > head.offset) return false;
  if (offset === head.offset) return check === head.check;
  return offset + 1 < head.firstOffset || (await stored.checkAt(room, offset)) === check;
}

/** Writes a batch on a room whose lock the transaction has. `absent`: keys of calls that have no outcome. @throws NexiosError LIMIT, INVALID_MESSAGE */
export async function write(
  db: Connection,
  before: RoomRow,
  batch: Batch,
  absent: ReadonlySet<string>,
  rules: Pick<AppendRules, "limits" | "now">,
): Promise<Outcome<Written>> {
  const { name } = before;
  requireStorable(name, batch);
  const { entries, head } = seal(before.head, batch);
  const row = { ...before, head, changedAt: rules.now(), entries: before.entries + entries.length, bytes: before.bytes + keptBytesOf(entries) };
  const isFull = row.entries > rules.limits.roomEntries || row.bytes > rules.limits.roomBytes;
  if (entries.length > 0 && isFull) throw new NexiosError("LIMIT", `The log of ${name} is full: it can be trimmed behind a checkpoint`);
  const inserted = insertEntries(db, row.id, entries);
  // Whoever waits for the commit hears of it.
  inserted.catch(() => undefined);
  const erased = await eraseEntries(db, row, batch.erase);
  const { totals, callsSince, sent } = await writeOutcomes(db, row, batch.outcomes, { absent, limits: rules.limits });
  const after = { ...head, callsSince };
  const updated = updateRoom(db, { ...row, head: after, bytes: row.bytes - erased, outcomes: totals });
  updated.catch(() => undefined);
  return { value: { kind: "appended", head: after, entries }, commit: true, sent: [inserted, ...sent, updated], ...traceOf(row, batch) };
}

/** How a batch is found that was written: by its last outcome, which no trim takes, or else by its last entry. One that has left neither can't be. */
function traceOf({ id, name, head }: RoomRow, { entries, outcomes }: Batch): Pick<Outcome<Appended>, "isThere"> {
  const last = outcomes.at(-1);
  if (entries.length === 0 && last === undefined) return {};
  return {
    async isThere(db) {
      if (last !== undefined) {
        const row = await db.get("select row_check from nexios_outcome where room = $1 and key = $2", id, last.key);
        if (row?.["row_check"] === outcomeCheck(id, last)) return true;
      }
      if (entries.length === 0) return false;
      const row = await readRoom(db, name);
      if (row === undefined || row.head.epoch !== head.epoch) return false;
      if (head.offset + 1 >= row.head.firstOffset) return isPlace(new StoredEntries(db), row, head);
      // What is trimmed has no check any more: only an outcome would have told whose entry stood there.
      return last === undefined ? undefined : false;
    },
  };
}

type Written = Extract<Appended, { readonly kind: "appended" }>;

/** Nothing is written. */
function not(value: Appended): Outcome<Appended> {
  return { value, commit: false };
}

function requireName(room: string): void {
  if (!isStorableText(room)) throw new NexiosError("INVALID_MESSAGE", `The name is not well-formed Unicode: nothing was written to ${room.toWellFormed()}`);
}

/** Too much to read while others wait for the lock. */
async function isFarBehind(db: Connection, { id, head }: RoomRow, after: Offset, limits: LogLimits): Promise<boolean> {
  const entries = head.offset - after;
  if (entries > limits.tailEntries) return true;
  if (entries <= fewEntries) return false;
  const row = await db.get(
    `select coalesce(sum(octet_length(bytes) + coalesce(octet_length(public_bytes), 0)), 0) as bytes from nexios_entry where room = $1 and "offset" > $2`,
    id,
    after,
  );
  return Number(row?.["bytes"]) > tailBytes;
}

/** What stands under these keys, remembered or not. @throws NexiosError DAMAGED */
async function outcomesOf(db: Connection, { id, name }: RoomRow, keys: readonly string[]): Promise<readonly CallOutcome[]> {
  const rows = await db.all("select * from nexios_outcome where room = $1 and key = any($2::text[])", id, keys.filter(isStorableText));
  return rows.map((row) => toOutcome(name, row));
}

/** Looks once at all outcomes of a room, before the first call is decided there: one that damage has hidden would be a call that was never made. @throws NexiosError DAMAGED */
async function audit(db: Connection, { id, name, outcomes }: RoomRow, audited: Set<number>): Promise<void> {
  if (audited.has(id)) return;
  const row = await db.get("select count(*) as count, coalesce(sum(row_check), 0) % 4294967296 as checks from nexios_outcome where room = $1", id);
  if (row?.["count"] !== outcomes.count || row["checks"] !== outcomes.checks) throw damaged(`What ${name} remembers of its calls`);
  if (audited.size >= auditedRooms) audited.clear();
  audited.add(id);
}

/** In the order of the keys. */
function toKnown({ head }: RoomRow, keys: readonly string[], outcomes: readonly CallOutcome[], now: Millis): Known {
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  const found = keys.map((key) => byKey.get(key)).filter((outcome) => outcome !== undefined);
  return new Map(found.filter((outcome) => isRemembered(outcome, head, now)).map((outcome) => [outcome.key, outcome]));
}
