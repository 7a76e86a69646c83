import type { EditTrace, Patch } from "../commands/replay/edit-trace.ts";

/** A text that knows nothing of Yjs, for as long as a record needs. */
class PlainText {
  readonly #units: Uint16Array;
  #length = 0;

  constructor(mostUnits: number) {
    this.#units = new Uint16Array(mostUnits);
  }

  patch([position, deleted, inserted]: Patch): void {
    this.#units.copyWithin(position + inserted.length, position + deleted, this.#length);
    for (let at = 0; at < inserted.length; at++) this.#units[position + at] = inserted.charCodeAt(at);
    this.#length += inserted.length - deleted;
  }

  toString(): string {
    return Buffer.from(this.#units.buffer, 0, 2 * this.#length).toString("utf16le");
  }
}

/** The text of a record after so many of its edits that change something, replayed from zero; with a count of all of them. */
export function replayTo(
  { edits, startContent }: EditTrace,
  counts: readonly number[],
): { readonly texts: ReadonlyMap<number, string>; readonly count: number } {
  const units = edits.reduce((sum, { patches }) => patches.reduce((all, [, , inserted]) => all + inserted.length, sum), startContent.length);
  const text = new PlainText(units);
  text.patch([0, 0, startContent]);
  const wanted = new Set(counts);
  const texts = new Map<number, string>();
  let count = 0;
  const keep = (): void => void (wanted.has(count) && texts.set(count, text.toString()));
  keep();
  for (const { patches } of edits) {
    if (patches.every(([, deleted, inserted]) => deleted === 0 && inserted === "")) continue;
    for (const patch of patches) text.patch(patch);
    count++;
    keep();
  }
  return { texts, count };
}
