import { applyUpdate, clockOf, decodeUpdate, editText, onText, type TextChange, type TextDocument } from "./engine.ts";
import { type DocumentLimits, type GateFault, judgeUpdate, type Verdict } from "./gate.ts";
import type { DocumentPast } from "./past.ts";

/** What an edit from before a fold comes to. */
export type Carried =
  | {
      readonly kind: "carried";
      /** The fold that it was made for. */
      readonly foldedAt: number;
      readonly client: number;
      /** How far that client's edits go with it. */
      readonly clock: number;
      /** What it changes, under the client id `carriedClient`; `undefined`: nothing. */
      readonly update: Uint8Array | undefined;
    }
  | Exclude<Verdict, { readonly kind: "changes" }>;

/** Stands for a client id that is not known yet. */
export const carriedClient = 0;

/**
 * Takes an edit over that was made before a document was folded, and of which nobody knew: it is put into the document as that was, and what it changes in the text there is
 * done after each fold since, in the document as it was then. @throws what reading throws
 */
export async function carryOver(
  past: DocumentPast,
  { client, update }: { readonly client: number; readonly update: Uint8Array },
  userId: string,
  limits: DocumentLimits,
): Promise<Carried> {
  const folds = past.folds.filter(({ firstClient }) => client < firstClient);
  const [first] = folds;
  if (first === undefined) return fault("GAP");
  // It was made for what is forgotten.
  if (first.count <= past.oldest) return fault("FORGOTTEN");
  const isOwn = (each: number): boolean => past.writerOf(each)?.userId === userId;
  let document = await past.documentAt(first.count - 1);
  const verdict = judgeUpdate(update, { document, isOwn: (each) => each === client && isOwn(each), limits });
  if (verdict.kind !== "changes") return verdict;
  const clock = Math.max(clockOf(document, client), ...decodeUpdate(update).structs.map((struct) => struct.clock + struct.length));

  let change: Uint8Array | undefined = update;
  for (const [at, { count }] of folds.entries()) {
    change = repeatChanges(await past.documentAt(count), changesBy(change, document));
    const next = folds[at + 1];
    if (change === undefined || next === undefined) break;
    document = await past.documentAt(next.count - 1);
  }
  return { kind: "carried", foldedAt: folds.at(-1)?.count ?? 0, client, clock, update: change };
}

/** What an update changes in the text of a document, which takes it in. */
function changesBy(update: Uint8Array, document: TextDocument): readonly TextChange[] {
  const all: TextChange[] = [];
  const end = onText(document, (changes) => all.push(...changes));
  applyUpdate(document, update);
  end();
  return all;
}

/** The same in another document of that text. */
function repeatChanges(document: TextDocument, changes: readonly TextChange[]): Uint8Array | undefined {
  document.clientID = carriedClient;
  return editText(document, (text) => {
    for (const { at, deleted, inserted } of changes) {
      text.delete(at, deleted);
      text.insert(at, inserted);
    }
  });
}

function fault(code: GateFault): Carried {
  return { kind: "fault", fault: code };
}
