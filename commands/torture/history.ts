import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Condition, Marked, Tally } from "./torture-room.ts";

/** What one member of the rooms has sent, been told and seen, in this order. `epoch`: of the log that a count is of, where a member knows it. */
export type HistoryRecord = { readonly room: string } & (
  | { readonly kind: "sent"; readonly callId: string; readonly mark: string; readonly when: Condition }
  /** `count`: how many entries the room had when the call had been decided; `stoodAt`: where its member stood when it was told, if that matters. */
  | { readonly kind: "accepted"; readonly callId: string; readonly epoch?: string; readonly count: number; readonly value: Marked; readonly stoodAt?: number }
  | { readonly kind: "refused"; readonly callId: string; readonly code: string }
  /** It has certainly taken no effect. */
  | { readonly kind: "failed"; readonly callId: string; readonly code: string }
  /** Nobody could tell. */
  | { readonly kind: "unknown"; readonly callId: string; readonly code: string }
  | { readonly kind: "saw"; readonly epoch?: string; readonly count: number; readonly callId: string | undefined; readonly value: Marked }
  | { readonly kind: "snapshot"; readonly epoch?: string; readonly count: number; readonly why: string; readonly state: Tally }
  /** It gave its position up, to join as a stranger does. */
  | { readonly kind: "forgot" }
  /** It left for good, before the end. */
  | { readonly kind: "quit" }
  /** What it made of all that, now or in the end. */
  | { readonly kind: "stood"; readonly epoch?: string; readonly count: number; readonly state: Tally }
  | { readonly kind: "ended"; readonly epoch?: string; readonly count: number; readonly state: Tally }
);

/** A member's history on the disk: what is written is with the system before `write` returns. */
export class HistoryFile {
  readonly #descriptor: number;

  constructor(file: string) {
    this.#descriptor = openSync(file, "a");
  }

  write(record: HistoryRecord): void {
    writeSync(this.#descriptor, `${JSON.stringify(record)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The records of a history, from its beginning. A last line that was never finished is left out. */
export async function* readHistory(file: string): AsyncGenerator<HistoryRecord> {
  let last: string | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (last !== undefined) yield toRecord(last);
    last = line;
  }
  if (last !== undefined && last.endsWith("}")) yield toRecord(last);
}

function toRecord(line: string): HistoryRecord {
  // Written by `HistoryFile`, line by line.
  return JSON.parse(line) as HistoryRecord;
}
