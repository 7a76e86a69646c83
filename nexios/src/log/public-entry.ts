import type { PublicEntry, StoredEntry } from "./log.ts";

/** What members get of a stored entry; `undefined` when that is nothing. */
export function toPublicEntry(entry: StoredEntry): PublicEntry | undefined {
  if (entry.public === undefined) return undefined;
  const { at, author, callId, version, erased } = entry;
  const { position, check, bytes } = entry.public;
  return { position, check, bytes, at, author, callId, version, erased };
}
