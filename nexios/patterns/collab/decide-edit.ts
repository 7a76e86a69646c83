import { accept, type Decision, refuse, type RoomUser } from "nexios/contract";
import { type Carried, carriedClient } from "./carry.ts";
import type { DocumentRoom } from "./contract.ts";
import { createDocument, editText } from "./engine.ts";
import { renameClient, splitUpdate } from "./engine-updates.ts";
import { decodeEdit, type Writer } from "./entry.ts";
import { type DocumentLimits, judgeUpdate, type Verdict } from "./gate.ts";
import { type DocumentState, isBlank, nextClientOf, writerOf } from "./state.ts";

/** An edit as it came: let in whole, or not at all. Pure. */
export function decideEdit(state: DocumentState, input: Uint8Array, userId: string, limits: DocumentLimits): Decision<DocumentRoom, "edit"> {
  const edit = decodeEdit(input);
  const isOwn = (client: number): boolean => writerOf(state, client)?.userId === userId;
  if (edit === undefined) return refuse("REFUSED", { fault: "MALFORMED" });
  if (edit.client < state.firstClient) return refuse("REFUSED", { fault: "FOLDED" });
  if (!isOwn(edit.client)) return refuse("REFUSED", { fault: "FOREIGN_CLIENT" });
  const verdict = judgeUpdate(edit.update, { document: state.document, isOwn, limits });
  switch (verdict.kind) {
    case "known":
      return accept([]);
    case "fault":
    case "limit":
      return toRefusal(verdict);
    case "changes":
      return accept({ kind: "edited", ...edit });
  }
}

/** What an edit from before a fold comes to now. Pure. */
export function decideCarry(state: DocumentState, found: Carried, user: RoomUser, limits: DocumentLimits): Decision<DocumentRoom, "carry"> {
  if (found.kind !== "carried") return found.kind === "known" ? accept([]) : toRefusal(found);
  const { client, foldedAt, carriedAt, change, update } = found;
  // Folded once more, or another edit of it taken over, since it was looked up.
  if (foldedAt !== state.foldedAt || carriedAt !== state.carried.get(client)) return refuse("REFUSED", { fault: "FOLDED" });
  const made = found.made ?? nextClientOf(state);
  const opened = found.made === undefined ? [{ kind: "opened" as const, client: made, userId: user.id, name: user.name }] : [];
  const carried = { kind: "carried", client, made, update } as const;
  if (change === undefined) return accept([...opened, carried]);
  const own = renameClient(change, found.made ?? carriedClient, made);
  // What is done again may be longer than what was sent: it is stored in parts.
  const verdict = judgeUpdate(own, {
    document: state.document,
    isOwn: (each) => each === made,
    limits: { ...limits, updateBytes: Infinity, updatePieces: Infinity },
  });
  if (verdict.kind === "fault" || verdict.kind === "limit") return toRefusal(verdict);
  const parts = splitUpdate(own, { bytes: limits.updateBytes, pieces: limits.updatePieces });
  return accept([...opened, carried, ...parts.map((part) => ({ kind: "edited" as const, client: made, update: part }))]);
}

/** The first text of a document, in parts where it is too long for one edit: all of them are stored at once. Pure. */
export function decideCreate(
  state: DocumentState,
  { text, author }: { readonly text: string; readonly author: Writer },
  limits: DocumentLimits,
  now: number,
): Decision<DocumentRoom, "create"> {
  if (!isBlank(state)) return accept([], { isNew: false });
  const lines = text.replaceAll(/\r\n?/g, "\n");
  if (lines.length > limits.characters) return refuse("TOO_LARGE", { limit: "characters", most: limits.characters, found: lines.length });
  const client = nextClientOf(state);
  const update = editText(createDocument(client), (own) => own.insert(0, lines));
  if (update === undefined) return accept([], { isNew: true });
  const parts = splitUpdate(update, { bytes: limits.updateBytes, pieces: limits.updatePieces });
  return accept(
    [{ kind: "opened", client, ...author, ...(state.count === 0 && { at: now }) }, ...parts.map((part) => ({ kind: "edited" as const, client, update: part }))],
    { isNew: true },
  );
}

function toRefusal(verdict: Extract<Verdict, { readonly kind: "fault" | "limit" }>): Extract<Decision<DocumentRoom, "edit">, { readonly kind: "refused" }> {
  return verdict.kind === "fault"
    ? refuse("REFUSED", { fault: verdict.fault })
    : refuse("TOO_LARGE", { limit: verdict.limit, most: verdict.most, found: verdict.found });
}
