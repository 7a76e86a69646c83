import type { Findings } from "./findings.ts";
import { count as fold, emptyTally, type Marked, type Tally } from "./torture-room.ts";

/** An entry as the file has it, or an accepted call's outcome. `count`: its place among the room's entries, from 1. */
export interface FileEntry {
  readonly count: number;
  readonly callId: string | undefined;
  readonly value: Marked;
}

/** What the file has of one room. */
export interface FileRoom {
  readonly name: string;
  /** The count of the last entry, and of the first one that is kept. */
  readonly head: number;
  readonly first: number;
  readonly entries: readonly FileEntry[];
  /** The accepted calls that it remembers: what is left of entries that are not kept. */
  readonly outcomes: readonly FileEntry[];
}

/** A room's whole past. */
export class RoomPast {
  readonly name: string;
  readonly head: number;
  readonly #entries = new Map<number, FileEntry>();
  readonly #states: (Tally | undefined)[] = [emptyTally];
  readonly #places = new Map<string, Set<number>>();
  /** What members saw at places of which the file knows nothing any more. */
  readonly #witnessed = new Map<number, Omit<FileEntry, "count">>();

  /** Notes what is wrong with the file alone. */
  constructor({ name, head, first, entries, outcomes }: FileRoom, findings: Findings) {
    this.name = name;
    this.head = head;
    const outcomeAt = new Map(outcomes.map((outcome) => [outcome.callId, outcome]));
    for (const entry of entries) {
      const remembered = outcomeAt.get(entry.callId);
      if (remembered?.count !== entry.count) findings.add("unremembered", `${name} ${entry.count}, call ${entry.callId ?? "none"}`);
    }
    for (const entry of [...outcomes.filter(({ count }) => count < first), ...entries]) this.#take(entry, findings);
    this.#fold(findings);
  }

  /** The places at which a call has taken effect. */
  placesOf(callId: string): readonly number[] {
    return [...(this.#places.get(`call ${callId}`) ?? [])];
  }

  entryAt(count: number): FileEntry | undefined {
    return this.#entries.get(count);
  }

  /** The state after so many entries; `undefined` where it can't be known. */
  stateAt(count: number): Tally | undefined {
    return this.#states[count];
  }

  /** Whether the file once had an entry there, and knows nothing of it any more. */
  isForgotten(count: number): boolean {
    return count <= this.head && !this.#entries.has(count);
  }

  /** A member saw what the file knows nothing of any more. */
  witness({ count, ...seen }: FileEntry): void {
    if (!this.#witnessed.has(count)) this.#witnessed.set(count, seen);
  }

  /** Once all members have been heard: a call whose one effect is forgotten may have had another. */
  close(findings: Findings): void {
    const seenAt = new Map<string, number>();
    for (const [count, entry] of this.#witnessed) {
      const keys = keysOf(entry);
      const before = keys.flatMap((key) => seenAt.get(key) ?? [...(this.#places.get(key) ?? [])]);
      if (before.length > 0) findings.add("twice", `${this.name} ${count}: ${keys.join(", ")}, was seen there, and is at ${before.join(", ")}`);
      for (const key of keys) seenAt.set(key, count);
    }
  }

  /** The calls that have taken effect. */
  callIds(): readonly string[] {
    return [...this.#places.keys()].filter((key) => key.startsWith("call ")).map((key) => key.slice("call ".length));
  }

  #take(entry: FileEntry, findings: Findings): void {
    const { count, value } = entry;
    const keys = keysOf(entry);
    if (this.#entries.has(count) || keys.some((key) => this.#places.has(key))) {
      const before = keys.flatMap((key) => [...(this.#places.get(key) ?? [])]);
      findings.add("twice", `${this.name} ${count}: ${keys.join(", ")}, was there before at ${before.join(", ") || count}`);
    }
    this.#entries.set(count, entry);
    for (const key of keys) this.#places.set(key, (this.#places.get(key) ?? new Set()).add(count));
    const isOdd = (count - 1) % 2 === 1;
    if (value.when === "never" || (value.when === "even" && isOdd)) findings.add("misruled", `${this.name} ${count}: ${value.mark} (${value.when})`);
  }

  #fold(findings: Findings): void {
    for (let count = 1; count <= this.head; count++) {
      const entry = this.#entries.get(count);
      const before = this.#states[count - 1];
      if (entry === undefined) findings.add("holes", `${this.name} ${count}`);
      this.#states.push(entry === undefined || before === undefined ? undefined : fold(before, entry.value));
    }
    for (const count of this.#entries.keys()) if (count > this.head) findings.add("holes", `${this.name} has ${count} behind its head ${this.head}`);
  }
}

/** What must be at one place alone. */
function keysOf({ callId, value }: Omit<FileEntry, "count">): readonly string[] {
  return [`mark ${value.mark}`, ...(callId === undefined ? [] : [`call ${callId}`])];
}
