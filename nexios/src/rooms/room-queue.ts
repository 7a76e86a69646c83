import type { ErrorCode } from "../protocol/codes.ts";
import { type CallReply, failed, type RoomCall, type Wake } from "./call.ts";

/** How much may wait for one room. Past any of these a call is answered OVERLOADED, undecided. */
export interface QueueLimits {
  readonly calls: number;
  readonly bytes: number;
  readonly callsPerMember: number;
  readonly waitMs: number;
  /** Calls that are decided as one batch, and the time that deciding them may take. */
  readonly batchCalls: number;
  readonly batchMs: number;
}

export const defaultQueueLimits: QueueLimits = { calls: 5_000, bytes: 4_194_304, callsPerMember: 64, waitMs: 10_000, batchCalls: 512, batchMs: 20 };

/** What waits, and for whom. */
export interface Waiting {
  readonly item: RoomCall | Wake;
  /** Whose it is: limits per member count by it. */
  readonly member: string;
  /** Its input's size. */
  readonly bytes: number;
  /** Why it must not be decided any more. */
  readonly admit: (() => ErrorCode | undefined) | undefined;
  /** By the monotonic clock. */
  readonly since: number;
  readonly settle: (reply: CallReply) => void;
}

/** The calls that wait for a room, in the order in which they came. */
export class RoomQueue {
  readonly #limits: QueueLimits;
  readonly #perMember = new Map<string, number>();
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** False when there is no room for it; then it does not wait. */
  push(waiting: Waiting): boolean {
    const ofMember = this.#perMember.get(waiting.member) ?? 0;
    const { calls, bytes, callsPerMember } = this.#limits;
    if (this.#waiting.length >= calls || this.#bytes + waiting.bytes > bytes || ofMember >= callsPerMember) return false;
    this.#waiting.push(waiting);
    this.#bytes += waiting.bytes;
    this.#perMember.set(waiting.member, ofMember + 1);
    return true;
  }

  /** The next batch; those that have waited too long, or are not to be decided any more, are settled instead. */
  take(now: number): readonly Waiting[] {
    const taken: Waiting[] = [];
    let next = 0;
    while (next < this.#waiting.length && taken.length < this.#limits.batchCalls) {
      const waiting = this.#waiting[next++];
      if (waiting === undefined) break;
      this.#forget(waiting);
      const code = now - waiting.since > this.#limits.waitMs ? "OVERLOADED" : waiting.admit?.();
      if (code === undefined) taken.push(waiting);
      else waiting.settle(failed(code));
    }
    this.#waiting = this.#waiting.slice(next);
    return taken;
  }

  /** Settles those that have waited too long. They are in the order of their coming. */
  expire(now: number): void {
    while (this.#waiting[0] !== undefined && now - this.#waiting[0].since > this.#limits.waitMs) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      this.#forget(waiting);
      waiting.settle(failed("OVERLOADED"));
    }
  }

  /** Puts a batch back to the front: it was not decided. */
  putBack(batch: readonly Waiting[]): void {
    this.#waiting = [...batch, ...this.#waiting];
    for (const { bytes, member } of batch) {
      this.#bytes += bytes;
      this.#perMember.set(member, (this.#perMember.get(member) ?? 0) + 1);
    }
  }

  #forget({ bytes, member }: Waiting): void {
    this.#bytes -= bytes;
    const left = (this.#perMember.get(member) ?? 1) - 1;
    if (left === 0) this.#perMember.delete(member);
    else this.#perMember.set(member, left);
  }
}
