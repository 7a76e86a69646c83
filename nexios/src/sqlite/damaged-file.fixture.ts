import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll } from "vitest";
import type { Batch, Head, NewEntry } from "../log/log.ts";
import { SqliteLog } from "./sqlite-log.ts";

export const room = "room/1";
/** A trim that lets nothing go. */
export const nothing = { offset: 0, position: 0 };
const folder = mkdtempSync(join(tmpdir(), "nexios-damaged-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function newFile(): string {
  return join(folder, `${files++}.db`);
}

export function open(file: string): Promise<SqliteLog> {
  return SqliteLog.open({ file, synchronous: "normal", now: () => 1_000, newEpoch: () => "epoch" });
}

/** By another connection, past all checks. */
export function change(file: string, run: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(file);
  run(db);
  db.close();
}

export function entry(text: string): NewEntry {
  const bytes = new TextEncoder().encode(text);
  return { at: 1, author: "ann", callId: "c", version: 1, bytes, publicBytes: bytes };
}

export async function append(log: SqliteLog, batch: Partial<Batch>): Promise<Head> {
  const empty = { entries: [], outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 0 };
  return (await log.append({ room, from: await log.head(room), keys: [] }, () => ({ ...empty, ...batch }))).head;
}
