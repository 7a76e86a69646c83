// Hot: bench fanout, bench slow.
import type { Transport } from "../world/transport.ts";
import type { FanOut, Piece, SlowPolicy } from "./fan-out.ts";
import type { Limits } from "./limits.ts";
import type { WriteTurn } from "./write-turn.ts";

/** What a waiting frame costs beside its bytes, so that a flood of tiny ones is bounded too. */
const pieceOverhead = 64;
/** Shared by all outboxes in which nothing waits. */
const none: Piece[] = [];
/** Waiting frames are written in pieces of about this size, so that a socket is never given much more than it takes. */
const chunkBytes = 65_536;

/**
 * What one connection still has to write. Frames of one turn leave in one write; a socket that takes no more is left alone, and what comes meanwhile waits here, up to `queuedBytes`.
 */
export class Outbox {
  /** Of `WriteTurn` alone: whether it stands in its list; the last turn in which something was due here, and by whom (`undefined`: by several). */
  isDue = false;
  turnNumber = 0;
  due: FanOut | undefined;

  readonly #transport: Transport;
  readonly #turn: WriteTurn;
  readonly #limits: Limits;
  readonly #onOverflow: () => void;
  /** How many channels of this connection are in each fan-out; most connections are in none. */
  #seats: Map<FanOut, number> | undefined;
  /** Never changed while it is empty. */
  #pieces: Piece[] = none;
  #bytes = 0;
  #unordered = false;
  #skipped: Set<number> | undefined;
  #waiting: (() => void)[] = [];
  #blocked = false;
  #closed = false;

  constructor(transport: Transport, turn: WriteTurn, limits: Limits, onOverflow: () => void) {
    this.#transport = transport;
    this.#turn = turn;
    this.#limits = limits;
    this.#onOverflow = onOverflow;
  }

  /** True while the socket takes no more. */
  get blocked(): boolean {
    return this.#blocked;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes that wait here, with their overhead. */
  get queuedBytes(): number {
    return this.#bytes;
  }

  /** The groups that it is in, counted once for each payload type. */
  get seatCount(): number {
    return this.#seats?.size ?? 0;
  }

  /** Queues a frame for this connection alone. Past `queuedBytes` the connection is told to end: a direct frame is never dropped. */
  send(frame: Uint8Array): void {
    if (this.#closed) return;
    this.#push(this.#turn.pieceOf(frame));
    if (this.#blocked) {
      if (this.#bytes > this.#limits.queuedBytes) this.#shed();
    } else {
      this.#turn.addOutbox(this);
      if (this.#bytes > this.#limits.turnBytes) this.#turn.flush();
    }
  }

  /** A frame of a group while the socket takes no more. Returns whether it waits here now; what was lost by it is told to the groups. */
  offer(piece: Piece, policy: SlowPolicy): boolean {
    const cost = piece.frame.length + pieceOverhead;
    const limit = this.#limits.queuedBytes;
    if (this.#bytes + cost > limit && policy === "close") {
      this.#onOverflow();
      return false;
    }
    // What never fits makes no room for itself.
    if (policy === "drop-oldest" && cost <= limit) this.#dropUntil(limit - cost, (waiting) => waiting.source === piece.source);
    if (this.#bytes + cost > limit) {
      piece.source?.onDropped(1);
      return false;
    }
    this.#push(piece);
    return true;
  }

  /** Of `FanOut` alone: this turn's frame `seq` is not for this connection. */
  skip(seq: number): void {
    (this.#skipped ??= new Set()).add(seq);
    this.#turn.addOutbox(this);
  }

  /** Of `FanOut` alone: takes a fan-out's frames of this turn, to be put in order with the others. */
  collect(pieces: readonly Piece[]): void {
    for (const piece of pieces) if (!this.#skipped?.has(piece.seq)) this.#push(piece);
    this.#unordered = true;
  }

  /** Of `FanOut` alone: the frames of a turn in which nothing else is due here. */
  write(joined: Uint8Array): void {
    this.#transport.write(joined);
    if (this.#transport.unsentBytes >= this.#limits.unsentBytes) this.#block();
  }

  /** Writes what is here, as far as the socket takes it. */
  flush(): void {
    this.#skipped = undefined;
    if (this.#closed || this.#blocked) return;
    if (this.#pieces.length === 1) return this.#writeOne(this.#pieces[0]!.frame);
    if (this.#unordered) this.#pieces.sort((a, b) => a.seq - b.seq);
    this.#unordered = false;
    let next = 0;
    while (next < this.#pieces.length && !this.#blocked) {
      const frames: Uint8Array[] = [];
      let bytes = 0;
      while (next < this.#pieces.length && (bytes === 0 || bytes + this.#pieces[next]!.frame.length <= chunkBytes)) {
        const { frame } = this.#pieces[next++]!;
        frames.push(frame);
        bytes += frame.length;
      }
      this.#bytes -= bytes + frames.length * pieceOverhead;
      this.write(frames.length === 1 ? frames[0]! : this.#turn.join(frames, bytes));
    }
    this.#pieces = next === this.#pieces.length ? none : this.#pieces.slice(next);
    if (this.#bytes > this.#limits.queuedBytes) this.#shed();
  }

  /** The socket has taken everything: what waited goes on, and the groups write to it again. */
  drained(): void {
    if (!this.#blocked || this.#closed) return;
    this.#blocked = false;
    this.flush();
    if (this.blocked) return;
    for (const seat of this.#fanOuts()) seat.onFlowing(this);
    this.#wake();
  }

  /** Resolves when the socket takes more, or has ended. */
  whenFlowing(): Promise<void> {
    if (!this.#blocked || this.#closed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Nothing is written any more; the groups forget it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pieces = none;
    this.#bytes = 0;
    for (const seat of this.#fanOuts()) seat.onGone(this);
    this.#seats = undefined;
    this.#wake();
  }

  /** Of `FanOut` alone: one more channel of this connection is there. True for the first. */
  sit(fanOut: FanOut): boolean {
    const seats = (this.#seats ??= new Map());
    const count = (seats.get(fanOut) ?? 0) + 1;
    seats.set(fanOut, count);
    return count === 1;
  }

  /** Of `FanOut` alone: one channel of this connection has left. True for the last. */
  stand(fanOut: FanOut): boolean {
    const count = (this.#seats?.get(fanOut) ?? 0) - 1;
    if (count > 0) this.#seats?.set(fanOut, count);
    else this.#seats?.delete(fanOut);
    return count === 0;
  }

  #fanOuts(): Iterable<FanOut> {
    return this.#seats?.keys() ?? [];
  }

  #block(): void {
    if (this.#blocked) return;
    this.#blocked = true;
    for (const seat of this.#fanOuts()) seat.onBlocked(this);
  }

  /** All that is due in most turns: it needs no order and no list. */
  #writeOne(frame: Uint8Array): void {
    this.#pieces = none;
    this.#unordered = false;
    this.#bytes = 0;
    this.write(frame);
  }

  #push(piece: Piece): void {
    if (this.#pieces.length === 0) this.#pieces = [piece];
    else this.#pieces.push(piece);
    this.#bytes += piece.frame.length + pieceOverhead;
  }

  /** Too much waits: groups' frames make room, each by its policy; then the connection ends. */
  #shed(): void {
    const limit = this.#limits.queuedBytes;
    this.#dropUntil(limit, ({ source }) => source?.policy === "drop-oldest");
    this.#pieces.reverse();
    this.#dropUntil(limit, ({ source }) => source?.policy === "drop-newest");
    this.#pieces.reverse();
    if (this.#bytes > limit) this.#onOverflow();
  }

  /** Drops the first frames that may go, until no more than `limit` bytes wait. */
  #dropUntil(limit: number, mayGo: (piece: Piece) => boolean): void {
    if (this.#bytes <= limit) return;
    const kept = this.#pieces.filter((piece) => {
      if (this.#bytes <= limit || !mayGo(piece)) return true;
      this.#bytes -= piece.frame.length + pieceOverhead;
      piece.source?.onDropped(1);
      return false;
    });
    this.#pieces = kept;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
