import type { Head, Log, PublicEntry } from "../log/log.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type Position, toMemberPosition } from "../protocol/position.ts";
import type { Cancel, Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { type Block, blockEntries, blockOf } from "./block-cache.ts";
import type { Delivery } from "./delivery.ts";
import type { ReadSlots } from "./read-slots.ts";

/** What reading a room's log needs of its process. */
export interface CatchUpServices {
  readonly log: Log;
  readonly clock: Clock;
  readonly reads: ReadSlots;
  readonly holeMs: number;
  /** Where a head stands, as members count; it hears of each that is read. */
  readonly toPosition: (head: Head | undefined) => Position;
}

/** After a reading that failed, it is tried again so much later; each time twice as much, up to the last. */
const retryMs = 100;
const longestRetryMs = 2_000;

/** Reads for a room's delivery what the broker did not bring: what follows the delivered head, and what readers are behind. */
export class CatchUp {
  readonly #name: string;
  readonly #services: CatchUpServices;
  readonly #delivery: Delivery;
  readonly #blocks = new Map<number, Promise<Block>>();
  #looking: Promise<void> | undefined;
  #again = false;
  #cancelHole: Cancel | undefined;
  #cancelRetry: Cancel | undefined;
  #failures = 0;
  #closed = false;

  constructor(name: string, services: CatchUpServices, delivery: Delivery) {
    this.#name = name;
    this.#services = services;
    this.#delivery = delivery;
  }

  /** Compares what was delivered with the log, and reads on. Looks that come meanwhile become one more. */
  look(): void {
    if (this.#closed) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look()
      .then(() => void (this.#failures = 0))
      .catch((error: unknown) => this.#retry(error))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) this.look();
      });
  }

  /** Entries are here whose predecessors are not: their message may be on the way. */
  waitForHole(): void {
    this.#cancelHole ??= this.#services.clock.after(this.#services.holeMs, () => {
      this.#cancelHole = undefined;
      this.look();
    });
  }

  /** The block with what follows `count`; one reading serves all who wait for it. @throws NexiosError UNAVAILABLE, DAMAGED */
  block(count: number): Promise<Block> {
    const index = blockOf(count);
    const underWay = this.#blocks.get(index);
    if (underWay !== undefined) return underWay;
    const reading = this.#services.reads.run(() => this.#readBlock(index)).finally(() => this.#blocks.delete(index));
    this.#blocks.set(index, reading);
    return reading;
  }

  close(): void {
    this.#closed = true;
    this.#cancelHole?.();
    this.#cancelRetry?.();
  }

  async #look(): Promise<void> {
    this.#again = false;
    const { delivered: before, added } = this.#delivery;
    const head = await this.#services.log.head(this.#name);
    if (this.#closed) return;
    const at = this.#services.toPosition(head);
    if (before === undefined) return this.#delivery.begin(at);
    if (isOtherPast(before, at)) return this.#delivery.reset(at, "epoch");
    if (at.count > 0) return this.#readTo(at);
    // Who has come since may know of an entry that was not there yet.
    if (added !== this.#delivery.added) this.#again = true;
    else this.#delivery.foundEmpty();
  }

  async #readTo(at: Position): Promise<void> {
    // One that was begun before the look may not have what the look has found.
    let mayBeOlder = true;
    for (;;) {
      const { count } = this.#delivery.delivered ?? at;
      if (count >= at.count) return;
      const isShared = this.#blocks.has(blockOf(count));
      const block = await this.block(count);
      if (this.#closed) return;
      if (block.first > count + 1) return this.#delivery.reset(at, "gap");
      this.#delivery.take(
        at.epoch,
        block.entries.filter(({ position }) => position > count),
      );
      // What the log has does not follow from what was delivered.
      if ((this.#delivery.delivered ?? at).count === count) {
        if (!isShared || !mayBeOlder) return this.#delivery.reset(at, "epoch");
        mayBeOlder = false;
      }
    }
  }

  async #readBlock(index: number): Promise<Block> {
    const { blocks } = this.#delivery;
    const end = (index + 1) * blockEntries;
    let after = index * blockEntries;
    for (;;) {
      const { generation } = blocks;
      const entries = await this.#readFrom(after, end - after);
      const first = entries === undefined ? ((await this.#services.log.head(this.#name))?.firstPosition ?? after + 1) : after + 1;
      // All that was thought of the past has been thrown away meanwhile.
      if (generation !== blocks.generation) continue;
      if (entries !== undefined) return blocks.put(first, entries);
      // The beginning of the block is gone. Members that need it will find that it is.
      if (first > end) return blocks.put(first, []);
      after = Math.max(after, first - 1);
    }
  }

  /** `undefined` when the first of them is gone. */
  async #readFrom(after: number, limit: number): Promise<readonly PublicEntry[] | undefined> {
    try {
      return await this.#services.log.readPublic(this.#name, after, limit);
    } catch (error) {
      if (error instanceof NexiosError && error.code === "GAP") return undefined;
      throw error;
    }
  }

  #retry(error: unknown): void {
    if (this.#failures === 0) report("error", { where: `reading ${this.#name}`, error });
    const delay = Math.min(longestRetryMs, retryMs * 2 ** this.#failures++);
    this.#cancelRetry?.();
    if (!this.#closed) this.#cancelRetry = this.#services.clock.after(delay, () => this.look());
  }
}

export function toPosition(head: Head | undefined): Position {
  return head === undefined ? { epoch: "", count: 0, check: 0 } : toMemberPosition(head.epoch, head.position, head.publicCheck);
}

/** Whether what was delivered before a look can't be what the look found, earlier. */
function isOtherPast(before: Position, at: Position): boolean {
  if (before.epoch !== at.epoch) return before.epoch !== "";
  return at.count < before.count || (at.count === before.count && at.check !== before.check);
}
