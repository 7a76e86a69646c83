import type { ReadingMemory } from "./house-talk.ts";

const key = "saleroom.seen";

/** Remembers how far one has read for as long as the tab lives. */
export const tabMemory: ReadingMemory = {
  read(epoch) {
    try {
      const { epoch: of, seen } = Object(JSON.parse(sessionStorage.getItem(key) ?? "null")) as { readonly epoch?: unknown; readonly seen?: unknown };
      return of === epoch && typeof seen === "number" ? seen : undefined;
    } catch {
      return undefined;
    }
  },
  write(epoch, seen) {
    try {
      sessionStorage.setItem(key, JSON.stringify({ epoch, seen }));
    } catch {
      // Storage may be forbidden: a reload then finds everything read.
    }
  },
};
