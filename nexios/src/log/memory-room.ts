import { NexiosError } from "../protocol/failure.ts";
import { keptBytes, keptBytesOf } from "./kept-bytes.ts";
import { KeptOutcomes } from "./kept-outcomes.ts";
import { packLength } from "./pack-length.ts";
import type { Batch, Checkpoint, Head, LogLimits, Millis, Offset, Outcome, Place, Position, PublicEntry, StoredEntry, Trim } from "./log.ts";
import { toPublicEntry } from "./public-entry.ts";
import { emptyHead, isRemembered, type Sealed, seal } from "./seal.ts";
import { requireStorable } from "./storable.ts";
import { clampTrim } from "./trim.ts";

/** One room of a memory log. */
export class MemoryRoom {
  readonly #name: string;
  readonly #limits: LogLimits;
  #head: Head;
  /** The running check just before `head.firstOffset`. */
  #trimmedCheck = 0;
  /** Entries that are kept whole: dense, from `head.firstOffset` on. */
  #entries: StoredEntry[] = [];
  /** Public entries: dense, from `head.firstPosition` on. Those before `head.firstOffset` have nothing but their public part. */
  #shown: StoredEntry[] = [];
  /** How many of `#shown` are not kept whole, and the bytes of all that is kept. */
  #shownAlone = 0;
  #bytes = 0;
  /** What was packed together: entries of which the call id is gone. In memory nothing else is gained. */
  #packs: readonly { readonly first: Offset; readonly last: Offset }[] = [];
  #checkpoint: Checkpoint | undefined;
  #changedAt: Millis;
  readonly #outcomes: KeptOutcomes;

  constructor(name: string, epoch: string, now: Millis, limits: LogLimits) {
    this.#name = name;
    this.#limits = limits;
    this.#head = emptyHead(epoch);
    this.#changedAt = now;
    this.#outcomes = new KeptOutcomes(limits);
  }

  get head(): Head {
    return this.#head;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
  }

  get changedAt(): Millis {
    return this.#changedAt;
  }

  /** A place further back than what is kept is taken at its word: its check is gone. */
  isPlace({ epoch, offset, check }: Place): boolean {
    const { head } = this;
    if (epoch !== head.epoch || offset > head.offset) return false;
    if (offset === head.offset) return check === head.check;
    if (offset < head.firstOffset) return offset < head.firstOffset - 1 || check === this.#trimmedCheck;
    return this.#entries[offset - head.firstOffset]?.check === check;
  }

  /** @throws NexiosError GAP */
  read(after: Offset, limit: number): readonly StoredEntry[] {
    const start = after + 1 - this.#head.firstOffset;
    if (start < 0) throw this.#gap();
    return this.#entries.slice(start, start + limit);
  }

  /** @throws NexiosError GAP */
  readPublic(after: Position, limit: number): readonly PublicEntry[] {
    const start = after + 1 - this.#head.firstPosition;
    if (start < 0) throw this.#gap();
    return toPublicEntries(this.#shown.slice(start, start + limit));
  }

  readPublicBefore(before: Position, limit: number): readonly PublicEntry[] {
    const end = Math.min(this.#shown.length, Math.max(0, before - this.#head.firstPosition));
    return toPublicEntries(this.#shown.slice(Math.max(0, end - limit), end)).toReversed();
  }

  outcome(key: string, now: Millis): Outcome | undefined {
    const outcome = this.#outcomes.get(key);
    return outcome !== undefined && isRemembered(outcome, this.#head, now) ? outcome : undefined;
  }

  /** @throws NexiosError LIMIT or INVALID_MESSAGE, and has written nothing. */
  write(batch: Batch, now: Millis): Sealed {
    requireStorable(this.#name, batch);
    const { entries, head } = seal(this.#head, batch);
    const bytes = this.#bytes + keptBytesOf(entries);
    const isFull = this.#shownAlone + this.#entries.length + entries.length > this.#limits.roomEntries || bytes > this.#limits.roomBytes;
    if (entries.length > 0 && isFull) throw new NexiosError("LIMIT", `The log of ${this.#name} is full: it can be trimmed behind a checkpoint`);
    this.#head = { ...head, callsSince: this.#outcomes.add(batch.outcomes, head.callsSince, now) };
    this.#entries.push(...entries);
    this.#shown.push(...entries.filter((entry) => entry.public !== undefined));
    this.#bytes = bytes;
    this.#changedAt = now;
    for (const offset of batch.erase) this.#erase(offset);
    return { entries, head: this.#head };
  }

  /** Returns false, and has changed nothing, when the checkpoint is of another past or not newer than the kept one. */
  putCheckpoint(checkpoint: Checkpoint, trim: Trim): boolean {
    const isNewer = checkpoint.offset > (this.#checkpoint?.offset ?? -1);
    if (!isNewer || !this.isPlace(checkpoint) || checkpoint.position > this.#head.position) return false;
    this.#checkpoint = checkpoint;
    this.#trim(clampTrim(trim, checkpoint, this.#head));
    return true;
  }

  /** Returns false, and has changed nothing, when there are too few. */
  pack(through: Offset, entries: number): boolean {
    const { firstOffset, firstPosition } = this.#head;
    const first = Math.max(firstOffset, (this.#packs.at(-1)?.last ?? 0) + 1);
    const until = Math.min(through, this.#checkpoint?.offset ?? 0);
    const ready = this.#entries.slice(first - firstOffset, Math.max(first, until + 1) - firstOffset);
    const length = packLength(ready.map(keptBytes), entries);
    if (length === undefined) return false;
    for (const entry of ready.slice(0, length)) {
      const packed = { ...entry, callId: undefined };
      this.#entries[entry.offset - firstOffset] = packed;
      const place = (entry.public?.position ?? 0) - firstPosition;
      if (place >= 0) this.#shown[place] = packed;
    }
    this.#packs = [...this.#packs, { first, last: first + length - 1 }];
    return true;
  }

  #trim({ offset: lastOffset, position: lastPosition }: Trim): void {
    const { firstOffset, firstPosition } = this.#head;
    this.#trimmedCheck = this.#entries[lastOffset - firstOffset]?.check ?? this.#trimmedCheck;
    this.#entries = this.#entries.slice(lastOffset + 1 - firstOffset);
    const kept = this.#shown.slice(lastPosition + 1 - firstPosition);
    const alone = kept.filter(({ offset }) => offset <= lastOffset).map(toPublicAlone);
    this.#shown = [...alone, ...kept.slice(alone.length)];
    this.#shownAlone = alone.length;
    this.#bytes = keptBytesOf(alone) + keptBytesOf(this.#entries);
    // One that is cut is none any more.
    this.#packs = this.#packs.filter(({ first }) => first > lastOffset);
    this.#head = { ...this.#head, firstOffset: lastOffset + 1, firstPosition: lastPosition + 1 };
  }

  #erase(offset: Offset): void {
    const { firstOffset, firstPosition } = this.#head;
    const whole = this.#entries[offset - firstOffset];
    const entry = whole ?? this.#shown.find((each) => each.offset === offset);
    if (entry === undefined) return;
    const erased = { ...entry, bytes: empty, erased: true, public: entry.public && { ...entry.public, bytes: empty } };
    this.#bytes -= keptBytes(entry);
    if (whole !== undefined) this.#entries[offset - firstOffset] = erased;
    // A whole entry may lie before the first public one that is kept.
    if (erased.public !== undefined && erased.public.position >= firstPosition) this.#shown[erased.public.position - firstPosition] = erased;
  }

  #gap(): NexiosError {
    return new NexiosError("GAP", `Older entries of ${this.#name} are gone: begin with a snapshot`);
  }
}

const empty = new Uint8Array();

/** What is left of a public entry that is not kept whole. */
function toPublicAlone(entry: StoredEntry): StoredEntry {
  return { ...entry, bytes: entry.public?.bytes ?? empty };
}

function toPublicEntries(entries: readonly StoredEntry[]): readonly PublicEntry[] {
  return entries.map(toPublicEntry).filter((entry) => entry !== undefined);
}
