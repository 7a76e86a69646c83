// Hot: bench fanout.
import type { FanOut } from "./fan-out.ts";
import type { Outbox } from "./outbox.ts";

/**
 * Joins what is written within one turn of the event loop. Frames reach each connection in the order in which they were queued, whether they were its own or a group's.
 */
export class WriteTurn {
  /** Bytes that a fan-out may join; past it they leave before the turn ends. */
  readonly limitBytes: number;
  readonly #afterTurn: (fire: () => void) => void;
  readonly #flush = (): void => this.flush();
  #seq = 0;
  #number = 0;
  #fanOuts: FanOut[] = [];
  #outboxes = new Set<Outbox>();
  #scheduled = false;

  constructor(afterTurn: (fire: () => void) => void, limitBytes: number) {
    this.#afterTurn = afterTurn;
    this.limitBytes = limitBytes;
  }

  nextSeq(): number {
    return ++this.#seq;
  }

  addFanOut(fanOut: FanOut): void {
    this.#fanOuts.push(fanOut);
    this.#schedule();
  }

  /** Something is due to this outbox alone. */
  addOutbox(outbox: Outbox): void {
    this.#outboxes.add(outbox);
    this.#schedule();
  }

  /** Of `FanOut` alone, during a flush: this outbox is due to several. */
  addClaimed(outbox: Outbox): void {
    this.#outboxes.add(outbox);
  }

  /** Writes everything that is due, now. */
  flush(): void {
    const fanOuts = this.#fanOuts;
    this.#fanOuts = [];
    if (fanOuts.length === 1 && this.#outboxes.size === 0) return fanOuts[0]!.write(false);

    const turnNumber = ++this.#number;
    const outboxes = this.#outboxes;
    for (const outbox of outboxes) {
      outbox.turnNumber = turnNumber;
      outbox.due = undefined;
    }
    for (const fanOut of fanOuts) fanOut.claim(turnNumber);
    this.#outboxes = new Set();
    for (const fanOut of fanOuts) fanOut.write(true);
    for (const outbox of outboxes) outbox.flush();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#afterTurn(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }
}
