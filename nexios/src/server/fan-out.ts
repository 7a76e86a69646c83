// Hot: bench fanout.
import type { Outbox } from "./outbox.ts";
import { joinFrames } from "./websocket-frame.ts";
import type { WriteTurn } from "./write-turn.ts";

/** What a group does with a member that reads slower than the group sends, once `queuedBytes` wait for it. */
export type SlowPolicy = "drop-oldest" | "drop-newest" | "close";

/** A frame on its way: `seq` orders all frames of a process. */
export interface Piece {
  readonly frame: Uint8Array;
  readonly seq: number;
  readonly source: FanOut | undefined;
}

/** What became of a send in this process. */
export interface SendReport {
  /** Members for which it was queued. */
  readonly handed: number;
  /** Payloads that slow members lost by it: this one, or older ones that made room. */
  readonly dropped: number;
  /** Members that were found dead, or closed by the group's policy, since the last send. */
  readonly gone: number;
}

/**
 * One buffer for many outboxes. A send is one push whatever the number of members; at the end of the turn all frames are joined once and written once per member.
 * Only members whose socket takes no more are visited at the send.
 */
export class FanOut {
  readonly policy: SlowPolicy;
  readonly #turn: WriteTurn;
  readonly #flowing = new Set<Outbox>();
  readonly #slow = new Set<Outbox>();
  #pending: Piece[] = [];
  #pendingBytes = 0;
  #dropped = 0;
  #gone = 0;

  constructor(turn: WriteTurn, policy: SlowPolicy) {
    this.#turn = turn;
    this.policy = policy;
  }

  get size(): number {
    return this.#flowing.size + this.#slow.size;
  }

  has(outbox: Outbox): boolean {
    return this.#flowing.has(outbox) || this.#slow.has(outbox);
  }

  /** Adds a member: it gets what is sent from now on, and nothing that is already on its way. Adding it again counts, and sends nothing twice. */
  add(outbox: Outbox): void {
    if (outbox.closed || !outbox.sit(this)) return;
    if (outbox.blocked) this.#slow.add(outbox);
    else this.onFlowing(outbox);
  }

  /** Removes a member that was added as often as it is removed: what was sent before still reaches it. A no-op for strangers. */
  remove(outbox: Outbox): void {
    if (!outbox.stand(this)) return;
    if (this.#flowing.delete(outbox) && this.#pending.length > 0) {
      outbox.collect(this.#pending);
      this.#turn.addOutbox(outbox);
    }
    this.#slow.delete(outbox);
  }

  /** Sends to all but `exclude`. Never throws, never waits for a socket. */
  send(frame: Uint8Array, exclude?: Outbox): SendReport {
    const piece: Piece = { frame, seq: this.#turn.nextSeq(), source: this };
    let handed = this.#flowing.size;
    if (exclude !== undefined && this.#flowing.has(exclude)) {
      handed--;
      exclude.skip(piece.seq);
    }
    // Before anything is written: whom this very frame makes slow has it.
    const slow = this.#slow.size === 0 ? nobody : [...this.#slow];
    // Before the slow ones: whoever hears of their end and sends in turn comes behind this.
    if (this.#flowing.size > 0) this.#append(piece);
    for (const outbox of slow) if (outbox !== exclude && !outbox.closed && outbox.offer(piece, this.policy)) handed++;
    const report = { handed, dropped: this.#dropped, gone: this.#gone };
    this.#dropped = 0;
    this.#gone = 0;
    return report;
  }

  /** Of `WriteTurn` alone: marks whom this fan-out is due to in this turn; who is due twice is written in order of the frames. */
  claim(turnNumber: number): void {
    for (const outbox of this.#flowing) {
      if (outbox.turnNumber !== turnNumber) {
        outbox.turnNumber = turnNumber;
        outbox.due = this;
      } else if (outbox.due !== undefined) {
        outbox.due = undefined;
        this.#turn.addClaimed(outbox);
      }
    }
  }

  /** Of `WriteTurn` alone: one write to each member to which nothing else is due; the others collect. */
  write(claimed: boolean): void {
    const pending = this.#pending;
    let joined: Uint8Array | undefined;
    for (const outbox of this.#flowing) {
      if (claimed && outbox.due !== this) outbox.collect(pending);
      else outbox.write((joined ??= this.#join()));
    }
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** Of `Outbox` alone. */
  onBlocked(outbox: Outbox): void {
    this.#flowing.delete(outbox);
    this.#slow.add(outbox);
  }

  /** Of `Outbox` alone. Frames of this turn are older than its coming, or were offered to it while it was slow. */
  onFlowing(outbox: Outbox): void {
    this.#slow.delete(outbox);
    this.#flowing.add(outbox);
    for (const piece of this.#pending) outbox.skip(piece.seq);
  }

  /** Of `Outbox` alone. */
  onGone(outbox: Outbox): void {
    if (this.#flowing.delete(outbox) || this.#slow.delete(outbox)) this.#gone++;
  }

  /** Of `Outbox` alone: a slow member has lost frames of this fan-out. */
  onDropped(count: number): void {
    this.#dropped += count;
  }

  #append(piece: Piece): void {
    if (this.#pending.length === 0) this.#turn.addFanOut(this);
    this.#pending.push(piece);
    this.#pendingBytes += piece.frame.length;
    if (this.#pendingBytes > this.#turn.limitBytes) this.#turn.flush();
  }

  #join(): Uint8Array {
    return joinFrames(
      this.#pending.map((piece) => piece.frame),
      this.#pendingBytes,
    );
  }
}

const nobody: readonly Outbox[] = [];
