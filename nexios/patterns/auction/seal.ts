import { createHash } from "node:crypto";
import type { BookEntry, Draft } from "./state.ts";

/** The hash over the seal before an entry and the entry's own content: SHA-256 over both as JSON, in hex. */
export function sealOf(before: string, { change, shown }: Draft): string {
  return createHash("sha256")
    .update(JSON.stringify([before, change, shown ?? null]))
    .digest("hex");
}

/** Puts drafts into their place in the chain. */
export function sealAll(before: string, drafts: readonly Draft[]): readonly BookEntry[] {
  const entries: BookEntry[] = [];
  for (const draft of drafts) entries.push({ ...draft, seal: sealOf(entries.at(-1)?.seal ?? before, draft) });
  return entries;
}
