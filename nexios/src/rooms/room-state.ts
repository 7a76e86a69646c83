import type { HostedRoom, RoomStates } from "../contract/hosted-room.ts";
import type { Head, Log, Offset, StoredEntry, Trim } from "../log/log.ts";
import { chains } from "../log/seal.ts";
import { NexiosError } from "../protocol/failure.ts";
import { report } from "../world/report.ts";
import { type HistoryRules, trimmedPosition } from "./history-rules.ts";
import { Packing } from "./packing.ts";
import { advance, firstStanding, fromCheckpoint, type Standing, toCheckpoint, toStanding } from "./standing.ts";

/** What holding a room's state needs. */
export interface RoomStateServices {
  readonly log: Log;
  readonly history: HistoryRules;
  /** The furthest offset that all have passed who read whole entries: those behind it are not trimmed. */
  readonly passed?: (room: string) => Promise<Offset>;
  /** Entries that were found in the log, in order. */
  readonly onFound: (entries: readonly StoredEntry[], head: Head) => void;
  /** Of a room that keeps all, entries were forgotten for good. */
  readonly onForgotten: () => void;
  /** What is stored can't be folded: the room ends here. */
  readonly onUnfoldable: (error: unknown) => void;
}

/** So often is it begun anew because others trim what is being read. */
const tries = 8;

/** A room's states on one process, at a place of its log: folded on, kept as checkpoints, thrown away and folded anew. */
export class RoomState {
  readonly #name: string;
  readonly #room: HostedRoom;
  readonly #services: RoomStateServices;
  readonly #packing: Packing;
  #standing: Standing | undefined;
  #bytes = 0;
  /** Where the newest checkpoint stands, as far as is known here. */
  #keptAt = 0;
  /** Before this no checkpoint is tried: one has failed. */
  #triesFrom = 0;

  constructor(name: string, room: HostedRoom, services: RoomStateServices) {
    this.#name = name;
    this.#room = room;
    this.#services = services;
    this.#packing = new Packing(name, services);
  }

  /** `undefined`: nothing is held, and the log must be asked. */
  get standing(): Standing | undefined {
    return this.#standing;
  }

  /** What the states may take: as they were last encoded, and all entries since. */
  get bytes(): number {
    return this.#standing === undefined ? 0 : this.#bytes;
  }

  /** They were encoded, and are so large. */
  measure(bytes: number): void {
    this.#bytes = bytes;
  }

  forget(): void {
    this.#standing = undefined;
    this.#bytes = 0;
  }

  /** What was decided has been committed. */
  commit(head: Head, states: RoomStates, entries: readonly StoredEntry[]): void {
    this.#standing = toStanding(head, states);
    this.#bytes += sizeOf(entries);
  }

  /** Folds what the log has. Others may trim what is being read: then it begins at their checkpoint. @throws NexiosError UNAVAILABLE, DAMAGED, INTERNAL */
  async catchUp(): Promise<void> {
    for (let left = tries; left > 0; left--) {
      try {
        return await this.#foldOn();
      } catch (error) {
        if (!(error instanceof NexiosError && error.code === "GAP")) throw error;
        this.forget();
      }
    }
    throw new NexiosError("UNAVAILABLE", `What ${this.#name} has kept is trimmed faster than it is read`);
  }

  /**
   * Keeps the states when it is time, and trims what lies further back than the history; of a room that keeps all, and hides nothing, this is packed, later, and trimmed is at once
   * what it lets go. Whole entries that others have yet to read stay. That it fails hurts nothing but the next start.
   */
  async keepWhenDue({ firstOffset, firstPosition }: Head): Promise<void> {
    const standing = this.#standing;
    if (standing === undefined || standing.offset < this.#triesFrom) return;
    const { log, history, passed: passedBy } = this.#services;
    const { offset } = standing;
    const { keepsAll, hasSecret } = this.#room;
    try {
      const trim = this.#trimOf(standing);
      // What is held back for readers stays behind a checkpoint that is kept.
      const since = keepsAll ? this.#keptAt : Math.max(this.#keptAt, firstOffset - 1);
      const isDue = offset - since >= history.checkpointEvery || trim.position >= firstPosition;
      if (!isDue) return;
      const checkpoint = toCheckpoint(standing, this.#room);
      this.measure(checkpoint.bytes.length);
      // What is to be forgotten waits for nobody.
      const passed = keepsAll ? Infinity : ((await passedBy?.(this.#name)) ?? Infinity);
      const isKept = await log.putCheckpoint(this.#name, checkpoint, { ...trim, offset: Math.min(trim.offset, passed) });
      if (isKept && keepsAll && trim.position >= firstPosition) this.#services.onForgotten();
      this.#keptAt = offset;
      this.#triesFrom = offset + 1;
      // Where a pack ends, and so where call ids end, counts all entries: members could count hidden ones by it.
      if (keepsAll && !hasSecret) this.#packing.begin(offset);
    } catch (error) {
      this.#triesFrom = offset + history.checkpointEvery;
      report("error", { where: `checkpoint of ${this.#name}`, error });
    }
  }

  #trimOf({ offset, position, states }: Standing): Trim {
    if (!this.#room.keepsAll) return { offset, position: trimmedPosition(position, this.#services.history) };
    // It hides nothing if it lets anything go: then both count the same.
    const last = this.#room.keepsFrom(states) - 1;
    return { offset: last, position: last };
  }

  /** From the newest checkpoint if it must. */
  async #foldOn(): Promise<void> {
    const { log, history, onFound } = this.#services;
    const head = await log.head(this.#name);
    if (head === undefined) return this.forget();
    let standing = this.#standing;
    // Until the end nothing is held: what is changed in place would be folded twice after a reading that fails.
    this.#standing = undefined;
    if (standing === undefined || !canGoOn(standing, head)) standing = await this.#fromCheckpoint(head);
    let isProven = standing.offset === 0 || standing.offset === head.offset;
    // Where something is hidden it is read in any case: how long it takes must not tell whether there was anything to read.
    let isRead = !this.#room.hasSecret;
    while (standing.offset < head.offset || !isRead) {
      isRead = true;
      const entries = await log.read(this.#name, standing.offset, history.readEntries);
      const first = entries[0];
      if (first === undefined) break;
      // Another past than the one that was folded.
      if (!isProven && (first.erased || !chains(standing.check, first))) standing = await this.#fromCheckpoint(head);
      else {
        standing = this.#orEnd(() => advance(standing as Standing, entries, this.#room));
        this.#bytes += sizeOf(entries);
        onFound(entries, head);
      }
      isProven = true;
    }
    this.#standing = standing;
  }

  async #fromCheckpoint({ epoch }: Head): Promise<Standing> {
    const checkpoint = await this.#services.log.checkpoint(this.#name);
    if (checkpoint === undefined || checkpoint.epoch !== epoch) return this.#orEnd(() => firstStanding(epoch, this.#room));
    this.measure(checkpoint.bytes.length);
    this.#keptAt = checkpoint.offset;
    return this.#orEnd(() => fromCheckpoint(checkpoint, this.#room));
  }

  #orEnd<Value>(run: () => Value): Value {
    try {
      return run();
    } catch (error) {
      this.#services.onUnfoldable(error);
      const code = error instanceof NexiosError && error.code === "VERSION_AHEAD" ? "UNAVAILABLE" : "INTERNAL";
      throw new NexiosError(code, `The room ${this.#name} is closed: its past can't be folded`, { cause: error });
    }
  }
}

/** Whether what was folded may still be the log's past; what comes next tells. */
function canGoOn({ epoch, offset, check }: Standing, head: Head): boolean {
  if (epoch !== head.epoch || offset + 1 < head.firstOffset || offset > head.offset) return false;
  return offset < head.offset || check === head.check;
}

function sizeOf(entries: readonly StoredEntry[]): number {
  return entries.reduce((sum, { bytes, public: part }) => sum + bytes.length + (part === undefined || part.bytes === bytes ? 0 : part.bytes.length), 0);
}
