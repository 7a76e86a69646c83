import type { DeskText } from "../../../rooms/desk.ts";

/** Those that are over: they stand last. */
export function endedOf(texts: readonly DeskText[]): ReadonlySet<string> {
  return new Set(texts.filter(({ isOpen }) => !isOpen).map(({ id }) => id));
}

/** The foreword, lots by number, then those that were over already. Pure. */
export function inReadingOrder(texts: readonly DeskText[], ended: ReadonlySet<string>): readonly DeskText[] {
  return texts.toSorted((one, other) => Number(ended.has(one.id)) - Number(ended.has(other.id)) || one.number - other.number);
}
