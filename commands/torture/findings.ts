/** What can be wrong, and what each means. None of them may ever be found. */
export const findingKinds = {
  lost: "an entry below a member's last place that it neither saw nor had in a snapshot",
  doubled: "an entry that a member saw twice",
  reordered: "an entry that a member saw out of order, or other than the file has it",
  acknowledgedLost: "a call that was accepted by reply and is not in the file",
  twice: "a call, or a mark, that took effect twice",
  refusedStored: "a call that was refused, or failed for certain, and is in the file",
  contradicted: "a call of which its caller was told two things, or another than the file has",
  early: "a call that was settled before its member's state had reached it",
  misruled: "an entry or a refusal that the room's rule does not give",
  wrongStates: "a state that is not the fold of the file's entries at its place",
  behind: "a member that had not caught up in the end",
  strangers: "an entry whose call nobody has sent",
  unsettled: "a call of which its caller was never told anything",
  holes: "a place that the file has neither an entry nor an outcome for",
  unremembered: "an entry whose call's outcome the file does not have, or has at another place",
  presenceWrong: "a list of who is here that was wrong 6 s after a kill, or let go of somebody who was here (several processes alone)",
  crashes: "a process that ended without being told to",
} as const;

export type FindingKind = keyof typeof findingKinds;

/** How many of each kind. */
export type FindingCounts = Readonly<Record<FindingKind, number>>;

/** Of each kind. */
const keptExamples = 3;

/** Gathers what is wrong, with the first of it in words. */
export class Findings {
  readonly examples: string[] = [];
  readonly #counts = new Map<FindingKind, number>();

  add(kind: FindingKind, what: string, times = 1): void {
    if (times === 0) return;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
    if (this.examples.filter((example) => example.startsWith(`${kind}:`)).length < keptExamples) this.examples.push(`${kind}: ${what}`);
  }

  get counts(): FindingCounts {
    const kinds = Object.keys(findingKinds) as FindingKind[];
    return Object.fromEntries(kinds.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as FindingCounts;
  }
}
