import type { PublicEntry } from "../log/log.ts";
import { nextPublicCheck } from "../log/seal.ts";
import type { Encoding } from "../protocol/frame.ts";

/** Entries of a log are read in aligned blocks of so many, so that readers at different places share their reads. */
export const blockEntries = 256;

/** In which block the entry after `count` stands. */
export function blockOf(count: number): number {
  return Math.floor(count / blockEntries);
}

/** What an entry costs beside its bytes. */
const entryOverhead = 128;

/** Makes the frame of an entry. */
export type ToFrame = (entry: PublicEntry, encoding: Encoding) => Uint8Array;

/** Neighbouring entries of one room, with their frames: each is encoded once for each encoding in use. */
export class Block {
  /** The position of its first entry; of the one that would be, while it has none. */
  readonly first: number;
  readonly entries: PublicEntry[] = [];
  readonly #cache: BlockCache;
  readonly #frames = new Map<Encoding, Uint8Array[]>();
  bytes = 0;

  constructor(first: number, cache: BlockCache) {
    this.first = first;
    this.#cache = cache;
  }

  get last(): number {
    return this.first + this.entries.length - 1;
  }

  add(entry: PublicEntry): void {
    this.entries.push(entry);
    this.#cache.grow(this, entry.bytes.length + entryOverhead);
  }

  /** The frames of entries after `count`, up to `until`, no more than about `limitBytes` but at least one; `isOnce`: they are not needed again, unless somebody is behind. */
  frames(count: number, until: number, encoding: Encoding, toFrame: ToFrame, limitBytes: number, isOnce = false): Uint8Array[] {
    const known = this.#frames.get(encoding) ?? [];
    this.#frames.set(encoding, known);
    const frames: Uint8Array[] = [];
    let bytes = 0;
    for (let at = Math.max(0, count + 1 - this.first); at <= until - this.first && bytes < limitBytes; at++) {
      const entry = this.entries[at];
      if (entry === undefined) break;
      let frame = known[at];
      if (frame === undefined) {
        frame = toFrame(entry, encoding);
        if (!isOnce) known[at] = frame;
        if (!isOnce) this.#cache.grow(this, frame.length);
      }
      frames.push(frame);
      bytes += frame.length;
    }
    return frames;
  }
}

/** The recent blocks of all rooms of a process: past the limit, what was used longest ago goes first. */
export class BlockCache {
  readonly #limitBytes: number;
  readonly #onEvicted = new Map<Block, () => void>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  open(first: number, onEvicted: () => void): Block {
    const block = new Block(first, this);
    this.#onEvicted.set(block, onEvicted);
    return block;
  }

  /** It was used just now. */
  touch(block: Block): void {
    const onEvicted = this.#onEvicted.get(block);
    if (onEvicted === undefined) return;
    this.#onEvicted.delete(block);
    this.#onEvicted.set(block, onEvicted);
  }

  grow(block: Block, bytes: number): void {
    if (!this.#onEvicted.has(block)) return;
    block.bytes += bytes;
    this.#bytes += bytes;
    if (this.#bytes <= this.#limitBytes) return;
    for (const [oldest, onEvicted] of this.#onEvicted) {
      if (this.#bytes <= this.#limitBytes) break;
      // The one that grows stays: who adds to it goes on to use it.
      if (oldest === block) continue;
      this.drop(oldest);
      onEvicted();
    }
  }

  drop(block: Block): void {
    if (this.#onEvicted.delete(block)) this.#bytes -= block.bytes;
  }
}

/** The blocks of one room. */
export class RoomBlocks {
  readonly #cache: BlockCache;
  readonly #blocks = new Map<number, Block>();
  #generation = 0;

  constructor(cache: BlockCache) {
    this.#cache = cache;
  }

  /** Rises when all blocks are thrown away: what was read before is of no use any more. */
  get generation(): number {
    return this.#generation;
  }

  /** Adds entries that follow what is delivered, in order; `check`: the running check before them. */
  add(entries: readonly PublicEntry[], check: number): void {
    let block: Block | undefined;
    let before = check;
    for (const entry of entries) {
      const index = blockOf(entry.position - 1);
      if (block === undefined || blockOf(block.first - 1) !== index) block = this.#blocks.get(index);
      // A block that does not reach here, or holds another past, is of no use.
      if (block === undefined || block.last + 1 !== entry.position || (block.entries.at(-1)?.check ?? before) !== before) block = this.#open(entry.position);
      block.add(entry);
      before = entry.check;
    }
    if (block !== undefined) this.#cache.touch(block);
  }

  /** Keeps what was read, from the position `first` on. */
  put(first: number, entries: readonly PublicEntry[]): Block {
    const before = this.#blocks.get(blockOf(first - 1));
    const block = this.#open(first);
    for (const entry of entries) block.add(entry);
    // What was delivered while it was read, if it is of the same past.
    for (const entry of before?.entries ?? []) {
      const last = block.entries.at(-1);
      if (last === undefined || entry.position !== last.position + 1 || entry.erased || nextPublicCheck(last.check, entry.bytes) !== entry.check) continue;
      block.add(entry);
    }
    return block;
  }

  /** The block with the entry after `count`; `undefined` when it must be read. */
  after(count: number): Block | undefined {
    const block = this.#blocks.get(blockOf(count));
    if (block === undefined || count + 1 < block.first || count + 1 > block.last) return undefined;
    this.#cache.touch(block);
    return block;
  }

  clear(): void {
    this.#generation++;
    for (const block of this.#blocks.values()) this.#cache.drop(block);
    this.#blocks.clear();
  }

  #open(first: number): Block {
    const index = blockOf(first - 1);
    const before = this.#blocks.get(index);
    if (before !== undefined) this.#cache.drop(before);
    const block = this.#cache.open(first, () => this.#blocks.delete(index));
    this.#blocks.set(index, block);
    return block;
  }
}
