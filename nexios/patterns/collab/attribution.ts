import { applyUpdate, decodeDocument, decodeUpdate, piecesInOrder, type TextDocument, type TextPiece } from "./engine.ts";
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

/** One unit of a document. */
type UnitName = string;

/** A document that is followed from a moment on. */
class Comparing {
  readonly #past: DocumentPast;
  #document: TextDocument;
  /** What was there at that moment. */
  #old: ReadonlySet<UnitName>;
  /** The first who deletes a unit is who deleted it. */
  readonly #deleters = new Map<UnitName, number>();
  /** What was deleted before a fold, by the unit that it stood before; `undefined`: at the end. */
  #before = new Map<UnitName | undefined, ComparedRun[]>();

  constructor(past: DocumentPast, document: TextDocument) {
    this.#past = past;
    this.#document = document;
    this.#old = new Set(shownUnits(document));
  }

  edit(client: number, update: Uint8Array): void {
    for (const { client: author, clock, length } of decodeUpdate(update).deletes) {
      for (let at = clock; at < clock + length; at++) {
        const unit = nameOf(author, at);
        if (!this.#deleters.has(unit)) this.#deleters.set(unit, client);
      }
    }
    applyUpdate(this.#document, update);
  }

  /** Goes on with another document of the same text. */
  fold(document: TextDocument): void {
    const units = shownUnits(document);
    const old = new Set<UnitName>();
    const before = new Map<UnitName | undefined, ComparedRun[]>();
    let at = 0;
    for (const run of this.runs()) {
      const unit = units[at];
      if (run.kind === "deleted") {
        before.set(unit, [...(before.get(unit) ?? []), run]);
        continue;
      }
      if (run.kind === "kept" && unit !== undefined) old.add(unit);
      at++;
    }
    [this.#document, this.#old, this.#before] = [document, old, before];
    this.#deleters.clear();
  }

  /** A unit each, in the order of the text. */
  runs(): readonly ComparedRun[] {
    const runs = piecesInOrder(this.#document).flatMap((piece) =>
      unitsOf(piece).flatMap((unit, index): readonly ComparedRun[] => {
        const text = piece.text.charAt(index);
        const isOld = this.#old.has(unit);
        const gone = this.#before.get(unit) ?? [];
        if (!piece.isDeleted) return [...gone, { text, kind: isOld ? "kept" : "inserted", ...this.#writerOf(piece.client) }];
        return isOld ? [...gone, { text, kind: "deleted", ...this.#writerOf(this.#deleters.get(unit)) }] : gone;
      }),
    );
    return [...runs, ...(this.#before.get(undefined) ?? [])];
  }

  #writerOf(client: number | undefined): Writer {
    return (client === undefined ? undefined : this.#past.writerOf(client)) ?? nobody;
  }
}

function shownUnits(document: TextDocument): readonly UnitName[] {
  return piecesInOrder(document).flatMap((piece) => (piece.isDeleted ? [] : unitsOf(piece)));
}

function unitsOf({ client, clock, text }: TextPiece): readonly UnitName[] {
  return Array.from({ length: text.length }, (_, index) => nameOf(client, clock + index));
}

function nameOf(client: number, clock: number): UnitName {
  return `${client} ${clock}`;
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
