import { applyUpdate, decodeUpdate, piecesInOrder, type TextPiece } from "./engine.ts";
import type { DocumentPast } from "./past.ts";

/** Some text of one hand. */
export interface AuthoredRun {
  readonly text: string;
  readonly userId: string;
}

/** Some text, and what became of it between two moments. */
export interface ComparedRun {
  readonly text: string;
  readonly kind: "kept" | "inserted" | "deleted";
  /** Who inserted it, or deleted it; of what was kept, who wrote it. */
  readonly userId: string;
}

/** Who wrote the text at a moment. */
export async function authorsAt(past: DocumentPast, count: number): Promise<readonly AuthoredRun[]> {
  const document = await past.documentAt(count);
  return unite(
    piecesInOrder(document).flatMap(({ text, client, isDeleted }) => (isDeleted ? [] : [{ text, userId: past.writerOf(client)?.userId ?? "" }])),
    (a, b) => a.userId === b.userId,
  );
}

/** What changed between two moments, in the order of the text: what was inserted, by whom; what was deleted, by whom. */
export async function compareMoments(past: DocumentPast, from: number, to: number): Promise<readonly ComparedRun[]> {
  const document = await past.documentAt(from, true);
  const shown = new Set(piecesInOrder(document).flatMap((piece) => (piece.isDeleted ? [] : unitsOf(piece))));
  const deleters = new Map<string, number>();
  for await (const { value } of past.entriesBetween(from, to)) {
    if (value.kind !== "edited") continue;
    for (const { client, clock, length } of decodeUpdate(value.update).deletes) {
      // The first who deletes it is who deleted it.
      for (let at = clock; at < clock + length; at++) if (!deleters.has(`${client} ${at}`)) deleters.set(`${client} ${at}`, value.client);
    }
    applyUpdate(document, value.update);
  }
  const userOf = (client: number | undefined): string => (client === undefined ? "" : (past.writerOf(client)?.userId ?? ""));
  const runs = piecesInOrder(document).flatMap((piece) =>
    unitsOf(piece).flatMap((unit, index): ComparedRun[] => {
      const text = piece.text.charAt(index);
      const wasShown = shown.has(unit);
      if (!piece.isDeleted) return [{ text, kind: wasShown ? "kept" : "inserted", userId: userOf(piece.client) }];
      return wasShown ? [{ text, kind: "deleted", userId: userOf(deleters.get(unit)) }] : [];
    }),
  );
  return unite(runs, (a, b) => a.kind === b.kind && a.userId === b.userId);
}

function unitsOf({ client, clock, text }: TextPiece): readonly string[] {
  return Array.from({ length: text.length }, (_, index) => `${client} ${clock + index}`);
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
