import { applyUpdate, hasPending, type TextDocument } from "./engine.ts";
import { type DocumentLimits, type GateFault, judgeUpdate, type Verdict } from "./gate.ts";
import type { DocumentPast } from "./past.ts";
import { changesBy, repeatChanges } from "./repeat-changes.ts";

/** What an edit from before a fold comes to. */
export type Carried =
  | {
      readonly kind: "carried";
      /** The fold that it was made for. */
      readonly foldedAt: number;
      readonly client: number;
      /** The edit as it was made. */
      readonly update: Uint8Array;
      /** The count of the entry by which that client's edits were taken over last. */
      readonly carriedAt: number | undefined;
      /** The client id under which others of it were taken over since the last fold. */
      readonly made: number | undefined;
      /** What it changes, under that client id, or else `carriedClient`; `undefined`: nothing. */
      readonly change: Uint8Array | undefined;
    }
  | Exclude<Verdict, { readonly kind: "changes" }>;

/** Stands for a client id that is not known yet. */
export const carriedClient = 0;

/** A fold: the document as it was just before, and just after it, each with what was taken over and is not in the log there. */
interface Stage {
  readonly before: TextDocument;
  readonly after: TextDocument;
  /** The count of the next fold. */
  readonly end: number;
  readonly made: number | undefined;
}

interface Part {
  readonly count: number;
  readonly made: number;
  readonly update: Uint8Array;
}

/**
 * Takes an edit over that was made before a document was folded, and of which nobody knew: it is put into the document as that was, and what it changes in the text there is
 * done after each fold since, in the document as it was then. Edits of a client id that hang on each other come one after the other; those before are done again first, each
 * up to the fold after which it is in the log. @throws what reading throws
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
  const isOwn = (each: number): boolean => each === client && past.writerOf(each)?.userId === userId;
  const parts = await partsOf(past, client);
  const stages: Stage[] = [];
  for (const [at, { count }] of folds.entries()) {
    const end = folds[at + 1]?.count ?? Infinity;
    const made = parts.find((part) => part.count > count && part.count < end)?.made;
    stages.push({ before: await past.documentAt(count - 1), after: await past.documentAt(count), end, made });
  }

  for (const part of parts) carryThrough(stages, part.update, part.count);
  const [{ before: document } = { before: undefined }] = stages;
  if (document === undefined) return fault("GAP");
  const verdict = judgeUpdate(update, { document, isOwn, limits });
  if (verdict.kind !== "changes") return verdict;
  const change = carryThrough(stages, update, Infinity);
  // Nothing of it is lost in silence.
  if (stages.some(({ before }) => hasPending(before))) return fault("GAP");
  return { kind: "carried", foldedAt: folds.at(-1)?.count ?? 0, client, update, carriedAt: parts.at(-1)?.count, made: stages.at(-1)?.made, change };
}

/** Does an edit in each document, up to those in which it is since an entry of that count. Gives what it is in the last one. */
function carryThrough(stages: readonly Stage[], update: Uint8Array, count: number): Uint8Array | undefined {
  let change: Uint8Array | undefined = update;
  for (const { before, after, end, made } of stages) {
    change = repeatChanges(
      after,
      changesBy(before, () => applyUpdate(before, change ?? update)),
      { client: made ?? carriedClient },
    );
    if (change === undefined || count < end) break;
  }
  return change;
}

/** What of a client's edits was taken over already. */
async function partsOf(past: DocumentPast, client: number): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const count of past.carriedAt(client))
    for await (const { value } of past.entriesBetween(count - 1, count)) if (value.kind === "carried") parts.push({ ...value, count });
  return parts;
}

function fault(code: GateFault): Carried {
  return { kind: "fault", fault: code };
}
