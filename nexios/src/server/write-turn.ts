// Hot: bench fanout.
import type { FanOut, Piece } from "./fan-out.ts";
import type { Outbox } from "./outbox.ts";
import { joinFrames } from "./websocket-frame.ts";

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
  #outboxes: Outbox[] = [];
  #lastPiece: Piece | undefined;
  #lastFrames: readonly Uint8Array[] = [];
  #lastJoined: Uint8Array | undefined;
  #scheduled = false;

  constructor(afterTurn: (fire: () => void) => void, limitBytes: number) {
    this.#afterTurn = afterTurn;
    this.limitBytes = limitBytes;
  }

  nextSeq(): number {
    return ++this.#seq;
  }

  /** A frame on its way to one connection. Where one frame goes to many in a row, as to the members of a room, all share the piece. */
  pieceOf(frame: Uint8Array): Piece {
    const last = this.#lastPiece;
    // Nothing may have come in between, for this or another connection: the piece stands for its place in the order.
    if (last !== undefined && last.frame === frame && last.seq === this.#seq) return last;
    return (this.#lastPiece = { frame, seq: this.nextSeq(), source: undefined });
  }

  /** Frames in one piece for one write: the same bytes for all in a row to whom the same frames are due. */
  join(frames: readonly Uint8Array[], totalBytes: number): Uint8Array {
    if (this.#lastJoined !== undefined && isSame(frames, this.#lastFrames)) return this.#lastJoined;
    this.#lastFrames = frames;
    return (this.#lastJoined = joinFrames(frames, totalBytes));
  }

  addFanOut(fanOut: FanOut): void {
    this.#fanOuts.push(fanOut);
    this.#schedule();
  }

  /** Something is due to this outbox alone. */
  addOutbox(outbox: Outbox): void {
    this.#add(outbox);
    this.#schedule();
  }

  /** Of `FanOut` alone, during a flush: this outbox is due to several. */
  addClaimed(outbox: Outbox): void {
    this.#add(outbox);
  }

  /** Writes everything that is due, now. */
  flush(): void {
    const fanOuts = this.#fanOuts;
    this.#fanOuts = [];
    if (fanOuts.length === 1 && this.#outboxes.length === 0) return fanOuts[0]!.write(false);

    const turnNumber = ++this.#number;
    const outboxes = this.#outboxes;
    for (const outbox of outboxes) {
      outbox.turnNumber = turnNumber;
      outbox.due = undefined;
    }
    for (const fanOut of fanOuts) fanOut.claim(turnNumber);
    this.#outboxes = [];
    for (const outbox of outboxes) outbox.isDue = false;
    for (const fanOut of fanOuts) fanOut.write(true);
    for (const outbox of outboxes) outbox.flush();
    // Nothing that has left is kept.
    this.#lastPiece = this.#lastJoined = undefined;
    this.#lastFrames = [];
  }

  #add(outbox: Outbox): void {
    if (outbox.isDue) return;
    outbox.isDue = true;
    this.#outboxes.push(outbox);
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

function isSame(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}
