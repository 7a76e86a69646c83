import { textOf } from "nexios/collab";
import { applyUpdate, createDocument, hasPending, onUpdate, type TextDocument } from "../../nexios/patterns/collab/engine.ts";
import { decodeEdit } from "../../nexios/patterns/collab/entry.ts";
import type { EditsFindings } from "./edits-findings.ts";
import type { WrittenDocument, WrittenEntry } from "./edits-past.ts";

/** What a reading of the file comes to. */
export interface WrittenEdits {
  readonly edits: number;
  /** Written, and not acknowledged yet. */
  readonly untold: number;
}

/** Compares what was told with what is written, whenever nobody writes. Edits are noted as they travel, in base64. */
export class EditsJudge {
  readonly #findings: EditsFindings;
  /** Acknowledged without an entry of their own: rightly, or not. Each is told of once. */
  readonly #contained = new Set<string>();
  readonly #lost = new Set<string>();

  constructor(findings: EditsFindings) {
    this.#findings = findings;
  }

  /** Whether all that was acknowledged is written. */
  judge({ entries, head }: WrittenDocument, acknowledged: readonly string[]): WrittenEdits {
    const written = new Set(entries.filter(isEdit).map(toNote));
    const missing = acknowledged.filter((edit) => !written.has(edit));
    // Of most there is nothing to find out any more: what the log contains it contains for ever.
    const open = missing.filter((edit) => !this.#contained.has(edit) && !this.#lost.has(edit));
    let made = open.length === 0 ? undefined : makeDocument(entries);
    for (const edit of open) {
      if (made !== undefined && isContained(made, edit)) {
        this.#contained.add(edit);
        continue;
      }
      this.#lost.add(edit);
      this.#findings.add("acknowledgedLost", edit);
      made = makeDocument(entries);
    }
    const hole = entries.findIndex(({ offset }, index) => offset !== index + 1);
    if (hole !== -1 || entries.length !== head) this.#findings.add("holes", `place ${hole === -1 ? entries.length : hole} of ${head}`);
    return { edits: written.size, untold: written.difference(new Set(acknowledged)).size };
  }

  /** In the end: each edit once, all of them typed by somebody, and everybody has the text that they make. */
  conclude({ entries }: WrittenDocument, typed: readonly string[], texts: readonly string[]): void {
    const known = new Set(typed);
    const seen = new Set<string>();
    for (const entry of entries.filter(isEdit)) {
      const note = toNote(entry);
      if (seen.has(note)) this.#findings.add("twice", note);
      if (!known.has(note)) this.#findings.add("strangers", note);
      seen.add(note);
    }
    const wanted = textOf(makeDocument(entries));
    for (const text of texts) if (text !== wanted) this.#findings.add("diverged", `${text.length} instead of ${wanted.length} characters`);
  }
}

function makeDocument(entries: readonly WrittenEntry[]): TextDocument {
  const document = createDocument();
  for (const { bytes } of entries) {
    const edit = decodeEdit(bytes);
    if (edit !== undefined) applyUpdate(document, edit.update);
  }
  return document;
}

/** True for an edit that changes nothing, and waits for nothing: two may delete the same, and the second to come is acknowledged without an entry. Any other leaves its mark. */
function isContained(document: TextDocument, note: string): boolean {
  const edit = decodeEdit(Buffer.from(note, "base64"));
  if (edit === undefined) return false;
  let hasChanged = false;
  const end = onUpdate(document, () => (hasChanged = true));
  applyUpdate(document, edit.update);
  end();
  return !hasChanged && !hasPending(document);
}

function isEdit({ bytes }: WrittenEntry): boolean {
  return decodeEdit(bytes) !== undefined;
}

function toNote({ bytes }: WrittenEntry): string {
  return Buffer.from(bytes).toString("base64");
}
