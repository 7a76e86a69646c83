import type { Findings } from "./findings.ts";
import type { HistoryRecord } from "./history.ts";
import type { FileEntry, RoomPast } from "./room-past.ts";
import type { Tally } from "./torture-room.ts";

type Of<Kind extends HistoryRecord["kind"]> = Extract<HistoryRecord, { readonly kind: Kind }>;

/** Follows what one member saw of one room, and compares it with the room's past. */
export class MemberStream {
  readonly #who: string;
  readonly #past: RoomPast;
  readonly #findings: Findings;
  /** The last entry that it saw or had in a snapshot, and those below that it did not. */
  #last = 0;
  readonly #missing = new Set<number>();
  #hasEnded = false;

  constructor(who: string, past: RoomPast, findings: Findings) {
    this.#who = `${who} in ${past.name}`;
    this.#past = past;
    this.#findings = findings;
  }

  saw({ count, callId, value }: Of<"saw">): void {
    if (this.#past.isForgotten(count)) this.#past.witness({ count, callId, value });
    else this.#compareEntry({ count, callId, value });
    if (count > this.#last) return this.#goTo(count - 1, count);
    const kind = this.#missing.delete(count) ? "reordered" : "doubled";
    this.#findings.add(kind, `${this.#who} saw ${count} after ${this.#last}`);
  }

  snapshot({ count, state, why }: Of<"snapshot">): void {
    this.#compare("a snapshot", count, state);
    if (why === "epoch") this.#findings.add("reordered", `${this.#who} was told at ${count} that the room has another past`);
    if (count < this.#last) this.#findings.add("reordered", `${this.#who} had a snapshot of ${count} after ${this.#last}`);
    for (const missed of this.#missing) if (missed <= count) this.#missing.delete(missed);
    this.#last = count;
  }

  /** It begins anew: what it had not seen by then was lost. */
  forgot(): void {
    this.#countLost();
    this.#last = 0;
  }

  quit(): void {
    this.#hasEnded = true;
  }

  stood({ count, state }: Of<"stood">): void {
    this.#compare("a state", count, state);
  }

  ended({ count, state }: Of<"ended">): void {
    this.#hasEnded = true;
    this.#compare("the final state", count, state);
    if (count !== this.#past.head || this.#last !== count)
      this.#findings.add("behind", `${this.#who} ended at ${count} having seen ${this.#last}, and the file at ${this.#past.head}`);
  }

  /** There is no more of it. */
  close(): void {
    this.#countLost();
    if (!this.#hasEnded) this.#findings.add("behind", `${this.#who} did not come to its end; it had seen ${this.#last}`);
  }

  #goTo(before: number, last: number): void {
    for (let missed = this.#last + 1; missed <= before; missed++) this.#missing.add(missed);
    this.#last = last;
  }

  #countLost(): void {
    this.#findings.add("lost", `${this.#who} never saw ${[...this.#missing].slice(0, 5).join(", ")}`, this.#missing.size);
    this.#missing.clear();
  }

  #compareEntry({ count, callId, value }: FileEntry): void {
    const entry = this.#past.entryAt(count);
    const isSame = entry !== undefined && JSON.stringify(entry.value) === JSON.stringify(value) && (callId === undefined || callId === entry.callId);
    if (!isSame) this.#findings.add("reordered", `${this.#who} saw ${value.mark} at ${count}, where the file has ${entry?.value.mark ?? "nothing"}`);
  }

  #compare(what: string, count: number, state: Tally): void {
    const right = this.#past.stateAt(count);
    // A hole is told of once, not with each state behind it.
    if (right === undefined && count <= this.#past.head) return;
    const isRight = right !== undefined && right.entries === state.entries && right.digest === state.digest && right.last === state.last;
    if (!isRight) this.#findings.add("wrongStates", `${what} of ${this.#who} at ${count} is ${JSON.stringify(state)}, not ${JSON.stringify(right ?? null)}`);
  }
}
