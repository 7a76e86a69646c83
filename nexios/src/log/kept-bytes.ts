import type { Outcome, StoredEntry } from "./log.ts";

/** Whether two hold the same bytes. */
export function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one === other || Buffer.compare(one, other) === 0;
}

/** How many bytes a log keeps of an entry: one copy where members get the very bytes of it. Every log measures by this function. */
export function keptBytes({ bytes, public: part }: StoredEntry): number {
  return bytes.length + (part === undefined || isSameBytes(part.bytes, bytes) ? 0 : part.bytes.length);
}

/** The same of many. */
export function keptBytesOf(entries: readonly StoredEntry[]): number {
  return entries.reduce((sum, entry) => sum + keptBytes(entry), 0);
}

/** How many bytes a log keeps of an outcome, beside what its structures cost. */
export function keptOutcomeBytes({ key, inputHash, bytes }: Outcome): number {
  return Buffer.byteLength(key) + Buffer.byteLength(inputHash) + bytes.length;
}
