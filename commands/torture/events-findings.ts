/** What can be wrong after kills among durable events, and what each means. None of them may ever be found. */
export const eventsFindings = {
  lost: "an event that is in the file, and that a subscription has not handled in the end",
  outOfOrder: "an event that was first handled before an earlier one of its key",
  duplicatesWithoutKill: "an event that was handled twice by one process",
  changedIds: "an event that was handled again under another id",
  acknowledgedLost: "an event of a transaction that was told to be written, and is not in the file",
  rolledBack: "an event of a transaction that was rolled back, and is in the file, or was handled",
  strangers: "an event that was handled, and is not in the file",
  wrongRows: "an event whose handler has not written its row exactly once",
  wrongSums: "a key of which the room's sum is not that of its events",
  wrongLetters: "a poisonous event that is not exactly one dead letter, or another letter",
  stuck: "subscriptions that were not at rest in time when all was quiet",
  crashes: "a process that ended without being told to",
} as const;

export type EventsFinding = keyof typeof eventsFindings;

/** Of each kind. */
const keptExamples = 3;

/** Counts what is wrong, with the first of it in words. */
export class EventsFindings {
  readonly examples: string[] = [];
  readonly #counts = new Map<EventsFinding, number>();

  add(kind: EventsFinding, what: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= keptExamples) this.examples.push(`${kind}: ${what}`);
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  get counts(): Readonly<Record<EventsFinding, number>> {
    const kinds = Object.keys(eventsFindings) as EventsFinding[];
    return Object.fromEntries(kinds.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as Record<EventsFinding, number>;
  }
}
