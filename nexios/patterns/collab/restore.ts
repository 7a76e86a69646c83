import { accept, type Decision, refuse, type RoomUser } from "nexios/contract";
import type { DocumentRoom } from "./contract.ts";
import { editBy, textOf } from "./engine.ts";
import { splitUpdate } from "./engine-updates.ts";
import type { DocumentLimits } from "./gate.ts";
import type { DocumentPast } from "./past.ts";
import { type DocumentState, nextClientOf } from "./state.ts";
import { type Difference, findDifferences } from "./text-difference.ts";

/** A text of the past, and how the present one becomes it. */
export interface PreparedRestore {
  readonly count: number;
  readonly present: string;
  readonly wanted: string;
  readonly differences: readonly Difference[];
}

/** Compares ahead of the decision, which others wait for. @throws what reading throws */
export async function prepareRestore(past: DocumentPast, count: number): Promise<PreparedRestore> {
  const wanted = await past.textAt(count);
  const present = textOf(past.head);
  return { count, present, wanted, differences: findDifferences(present, wanted) };
}

/** The text as it was, by edits of who asks for it; in parts where it is too much for one. Pure. */
export function decideRestore(
  state: DocumentState,
  { count, present, wanted, differences }: PreparedRestore,
  { id, name }: RoomUser,
  { characters, updateBytes, updatePieces }: DocumentLimits,
): Decision<DocumentRoom, "restore"> {
  if (wanted.length > characters) return refuse("TOO_LARGE", { limit: "characters", most: characters, found: wanted.length });
  const { count: before } = state;
  const client = nextClientOf(state);
  const now = textOf(state.document);
  // Somebody has written since.
  const update = editBy(state.document, client, now === present ? differences : findDifferences(now, wanted));
  if (update === undefined) return accept([], { before });
  const parts = splitUpdate(update, { bytes: updateBytes, pieces: updatePieces });
  return accept([{ kind: "opened", client, userId: id, name, restores: count }, ...parts.map((part) => ({ kind: "edited" as const, client, update: part }))], {
    before,
  });
}
