import { type ClockRange, ClockRanges } from "./clock-ranges.ts";
import { applyUpdate, type DecodedDelete, decodeDocument, decodeUpdate, piecesInOrder, type TextDocument, type TextPiece } from "./engine.ts";
import type { Writer } from "./entry.ts";
import type { DocumentPast } from "./past.ts";

/** Some text of one hand. */
export interface AuthoredRun extends Writer {
  readonly text: string;
}

/** Some text, and what became of it between two moments. */
export interface ComparedRun extends Writer {
  readonly text: string;
  /** Who inserted it, or deleted it; of what was kept, who wrote it. */
  readonly kind: "kept" | "inserted" | "deleted";
}

const nobody: Writer = { userId: "", name: "" };

/** Who wrote the text at a moment. */
export async function authorsAt(past: DocumentPast, count: number): Promise<readonly AuthoredRun[]> {
  const document = await past.documentAt(count);
  return unite(
    piecesInOrder(document).flatMap(({ text, client, isDeleted }) => (isDeleted ? [] : [{ text, ...(past.writerOf(client) ?? nobody) }])),
    (a, b) => a.userId === b.userId,
  );
}

/** What changed between two moments, in the order of the text: what was inserted, by whom; what was deleted, by whom. */
export async function compareMoments(past: DocumentPast, from: number, to: number): Promise<readonly ComparedRun[]> {
  const comparing = new Comparing(past, await past.documentAt(from, true));
  for await (const { value } of past.entriesBetween(from, to)) {
    if (value.kind === "edited") comparing.edit(value.client, value.update);
    if (value.kind === "folded") comparing.fold(decodeDocument(value.document, true));
  }
  return unite(comparing.runs(), (a, b) => a.kind === b.kind && a.userId === b.userId);
}

/** A document that is followed from a moment on. */
class Comparing {
  readonly #past: DocumentPast;
  #document: TextDocument;
  /** What was there at that moment. */
  #old = new ClockRanges<true>();
  /** The first who deletes a unit is who deleted it. */
  #deleters = new ClockRanges<number>();
  /** What was deleted before a fold, by the unit that it stood before, and at the end. */
  #before = new ClockRanges<readonly ComparedRun[]>();
  #atEnd: readonly ComparedRun[] = [];

  constructor(past: DocumentPast, document: TextDocument) {
    this.#past = past;
    this.#document = document;
    for (const { client, clock, text } of shownPieces(document)) this.#old.add(client, clock, text.length, true);
  }

  edit(client: number, update: Uint8Array): void {
    for (const { client: author, clock, length } of decodeUpdate(update).deletes) this.#deleters.add(author, clock, length, client);
    applyUpdate(this.#document, update);
  }

  /** Goes on with another document of the same text. */
  fold(document: TextDocument): void {
    const runs = this.runs();
    this.#document = document;
    [this.#old, this.#deleters, this.#before] = [new ClockRanges(), new ClockRanges(), new ClockRanges()];
    const units = new ShownUnits(document);
    let gone: ComparedRun[] = [];
    for (const run of runs) {
      if (run.kind === "deleted") {
        gone.push(run);
        continue;
      }
      for (const { client, clock, length } of units.take(run.text.length)) {
        if (gone.length > 0) this.#before.add(client, clock, 1, gone);
        gone = [];
        if (run.kind === "kept") this.#old.add(client, clock, length, true);
      }
    }
    this.#atEnd = gone;
  }

  /** In the order of the text. */
  runs(): readonly ComparedRun[] {
    const runs: ComparedRun[] = [];
    for (const { client, clock, text, isDeleted } of piecesInOrder(this.#document)) {
      const take = (part: ClockRange<unknown>, kind: ComparedRun["kind"], who: number | undefined): void =>
        void runs.push({ text: text.slice(part.clock - clock, part.clock - clock + part.length), kind, ...this.#writerOf(who) });
      for (const place of this.#before.cut(client, clock, text.length)) {
        runs.push(...(place.value ?? []));
        for (const part of this.#old.cut(client, place.clock, place.length)) {
          if (!isDeleted) take(part, part.value === true ? "kept" : "inserted", client);
          else if (part.value === true) for (const each of this.#deleters.cut(client, part.clock, part.length)) take(each, "deleted", each.value);
        }
      }
    }
    return [...runs, ...this.#atEnd];
  }

  #writerOf(client: number | undefined): Writer {
    return (client === undefined ? undefined : this.#past.writerOf(client)) ?? nobody;
  }
}

function shownPieces(document: TextDocument): readonly TextPiece[] {
  return piecesInOrder(document).filter(({ isDeleted }) => !isDeleted);
}

/** The units of a text, from its beginning on. */
class ShownUnits {
  readonly #pieces: readonly TextPiece[];
  #piece = 0;
  #offset = 0;

  constructor(document: TextDocument) {
    this.#pieces = shownPieces(document);
  }

  /** The next so many, by stretches. */
  *take(count: number): Generator<DecodedDelete> {
    for (let left = count; left > 0;) {
      const piece = this.#pieces[this.#piece];
      if (piece === undefined) return;
      const length = Math.min(left, piece.text.length - this.#offset);
      yield { client: piece.client, clock: piece.clock + this.#offset, length };
      left -= length;
      this.#offset += length;
      if (this.#offset < piece.text.length) continue;
      this.#piece++;
      this.#offset = 0;
    }
  }
}

function unite<Run extends { readonly text: string }>(runs: readonly Run[], isSame: (a: Run, b: Run) => boolean): readonly Run[] {
  const united: Run[] = [];
  for (const run of runs) {
    const last = united.at(-1);
    if (last !== undefined && isSame(last, run)) united[united.length - 1] = { ...last, text: last.text + run.text };
    else united.push(run);
  }
  return united;
}
