/** What can be wrong after kills among edits, and what each means. None of them may ever be found. */
export const editsFindings = {
  acknowledgedLost: "an edit that was acknowledged, and neither is in the file nor changes what is",
  twice: "an edit that is in the file twice",
  strangers: "an edit in the file that nobody has typed",
  failed: "an edit that was refused, or given up",
  holes: "a place of the log that is missing, or damaged",
  diverged: "a client, a fresh one or the server, whose text is not what the file's edits make",
  stuck: "a client that was not at rest, or had not caught up, in time",
  crashes: "a process that ended without being told to",
} as const;

export type EditsFinding = keyof typeof editsFindings;

/** Of each kind. */
const keptExamples = 3;

/** Counts what is wrong, with the first of it in words. */
export class EditsFindings {
  readonly examples: string[] = [];
  readonly #counts = new Map<EditsFinding, number>();

  add(kind: EditsFinding, what: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= keptExamples) this.examples.push(`${kind}: ${what}`);
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  get counts(): Readonly<Record<EditsFinding, number>> {
    const kinds = Object.keys(editsFindings) as EditsFinding[];
    return Object.fromEntries(kinds.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as Record<EditsFinding, number>;
  }
}
