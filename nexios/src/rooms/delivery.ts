import type { PublicEntry } from "../log/log.ts";
import type { Encoding } from "../protocol/frame.ts";
import { isSamePosition, type Position } from "../protocol/position.ts";
import { type Block, RoomBlocks } from "./block-cache.ts";
import type { DeliveryNeeds, DeliveryServices } from "./delivery-needs.ts";
import { type LiveMessage, toLiveMessages } from "./live-messages.ts";
import type { Member } from "./member.ts";
import type { SnapshotReason } from "../protocol/frame.ts";

/** Entries that came before those between; more are not worth keeping, the log has them. */
const earlyEntries = 256;

/**
 * Gives a room's members what follows their positions. A member that stands at the delivered head is live and gets new entries as they come; all others are readers, at
 * their own pace. Nothing is queued for anyone.
 */
export class Delivery {
  readonly #services: DeliveryServices;
  readonly #needs: DeliveryNeeds;
  readonly #blocks: RoomBlocks;
  readonly #live = new Set<Member>();
  readonly #readers = new Set<Member>();
  #delivered: Position | undefined;
  #deliveredBytes = 0;
  #added = 0;
  #early: PublicEntry[] = [];

  constructor(services: DeliveryServices, needs: DeliveryNeeds) {
    this.#services = services;
    this.#needs = needs;
    this.#blocks = new RoomBlocks(services.cache);
  }

  /** The head as this process has delivered it; `undefined` until the log has been looked at. */
  get delivered(): Position | undefined {
    return this.#delivered;
  }

  /** Bytes of all entries that were delivered. */
  get deliveredBytes(): number {
    return this.#deliveredBytes;
  }

  /** Members that have ever come. */
  get added(): number {
    return this.#added;
  }

  get size(): number {
    return this.#live.size + this.#readers.size;
  }

  /** Members that are behind. */
  get readers(): number {
    return this.#readers.size;
  }

  *members(): Iterable<Member> {
    yield* this.#live;
    yield* this.#readers;
  }

  /** Where the log stands, when this process begins to deliver it. */
  begin(head: Position): void {
    this.#delivered ??= head;
    for (const member of this.#readers) this.pump(member);
  }

  /** A look has found a log without entries for members: who has seen any begins anew. */
  foundEmpty(): void {
    if (this.#delivered?.epoch !== "") return;
    for (const member of this.members()) if (member.position.epoch !== "") this.#ask(member, "epoch");
  }

  /** What follows what was delivered is gone, or the log has another past: all begin anew. */
  reset(head: Position, why: SnapshotReason): void {
    this.#needs.forget();
    this.#delivered = head;
    this.#early = [];
    this.#blocks.clear();
    for (const member of this.#live) this.#readers.add(member);
    this.#live.clear();
    for (const member of this.#readers) this.#ask(member, why);
  }

  /** A member begins as a reader at its position; with a snapshot, where there is a reason for one. */
  add(member: Member, why?: SnapshotReason): void {
    this.#added++;
    this.#readers.add(member);
    if (why === undefined) this.pump(member);
    else this.#ask(member, why);
  }

  remove(member: Member): void {
    member.isGone = true;
    this.#live.delete(member);
    this.#readers.delete(member);
  }

  /** Takes the member out of those who get new entries as they come; `pump` lets it go on. */
  hold(member: Member): void {
    if (this.#live.delete(member)) this.#readers.add(member);
  }

  /** Entries that another process has told of: in any order, again, or with others missing. */
  hear(epoch: string, entries: readonly PublicEntry[]): void {
    // Which log it is, only the log itself says.
    if (this.#delivered?.epoch === "") this.#needs.look();
    else this.take(epoch, entries);
  }

  /** Entries of the log. What does not follow from what was delivered is not delivered. */
  take(epoch: string, entries: readonly PublicEntry[]): void {
    const delivered = this.#delivered;
    if (delivered === undefined || entries.length === 0) return;
    // The first entry for members tells its log's epoch.
    if (delivered.epoch === "" && entries[0]?.position === 1) this.#name(epoch);
    else if (epoch !== delivered.epoch) return this.#needs.look();
    const next = entries.filter(({ position }) => position > delivered.count);
    const first = next[0];
    if (first === undefined) return;
    if (first.position > delivered.count + 1) return this.#keepEarly(next);
    if (!this.#follow(next, { ...delivered, epoch })) return this.#needs.look();
    if (this.#early.length > 0) {
      const early = this.#early;
      this.#early = [];
      this.take(epoch, early);
    }
  }

  /** Gives a member what it can take now. */
  pump(member: Member): void {
    while (this.#step(member));
  }

  /** A block that was read: the member goes on by it, or is told that what it missed is gone. */
  takeBlock(member: Member, block: Block): void {
    if (this.#services.parts.isGap(member.position.count, block.first)) this.#ask(member, "gap");
    else if (this.#canTake(member)) this.#give(member, block);
    this.pump(member);
  }

  /** What was read of the past is read again: some of it may be gone for good. */
  forgetPast(): void {
    this.#blocks.clear();
  }

  get blocks(): RoomBlocks {
    return this.#blocks;
  }

  /** Nothing is delivered any more, until it begins again. */
  end(): void {
    this.#delivered = undefined;
    this.#early = [];
    this.#blocks.clear();
  }

  #name(epoch: string): void {
    if (this.#delivered !== undefined) this.#delivered = { ...this.#delivered, epoch };
    for (const member of this.members()) if (member.position.epoch === "") member.position = { ...member.position, epoch };
  }

  #keepEarly(entries: readonly PublicEntry[]): void {
    const known = new Set(this.#early.map(({ position }) => position));
    const early = [...this.#early, ...entries.filter(({ position }) => !known.has(position))].toSorted((a, b) => a.position - b.position);
    this.#early = early.slice(0, earlyEntries);
    this.#needs.waitForHole();
  }

  /** Delivers entries that follow the delivered head. False when they are of another past. */
  #follow(entries: readonly PublicEntry[], delivered: Position): boolean {
    let { count, check } = delivered;
    const { epoch } = delivered;
    for (const { position, check: stated, bytes, erased } of entries) {
      count++;
      // What was erased can't be told any more.
      check = erased ? stated : this.#services.parts.nextCheck(check, bytes);
      if (position !== count || check !== stated) return false;
    }
    this.#blocks.add(entries, delivered.check);
    this.#deliveredBytes += entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#delivered = { epoch, count, check };
    this.#tellLive(delivered, count);
    if (this.#live.size > 0 && entries[0] !== undefined) this.#services.figures?.onDelivered(entries[0].at);
    this.#needs.onDelivered(entries);
    for (const member of this.#readers) this.pump(member);
    return true;
  }

  #tellLive(before: Position, until: number): void {
    const { toFrame, limits } = this.#services;
    const messages = new Map<Encoding, readonly LiveMessage[]>();
    for (const member of this.#live) {
      const { encoding } = member.line;
      const due = messages.get(encoding) ?? toLiveMessages(this.#blocks, { before, until, encoding, toFrame, limitBytes: limits.unsentBytes });
      messages.set(encoding, due);
      for (const { message, from, to } of due) {
        // A line may end while it is written to.
        if (!this.#live.has(member)) break;
        if (message === undefined || member.line.unsentBytes > limits.unsentBytes) {
          member.position = from;
          this.#live.delete(member);
          this.#readers.add(member);
          break;
        }
        member.position = to;
        member.line.send(message);
      }
    }
  }

  #canTake({ isGone, isSuspended, line }: Member): boolean {
    return !isGone && !isSuspended && line.unsentBytes <= this.#services.limits.unsentBytes;
  }

  /** One step of a reader. True when another may follow. */
  #step(member: Member): boolean {
    const delivered = this.#delivered;
    if (delivered === undefined || member.isWaiting || !this.#readers.has(member) || !this.#canTake(member)) return false;
    if (member.sending !== undefined) return this.#sendPart(member);
    const { count, epoch } = member.position;
    // No entry before its place is ever sent to it, however it came to stand there.
    if (count < member.fromCount) return this.#ask(member, "gap");
    if (epoch !== delivered.epoch) {
      // It may know more of the log than this process, which has not seen an entry of it yet.
      if (delivered.epoch !== "" || count === 0) return this.#askAnew(member);
      this.#needs.look();
      return false;
    }
    if (this.#services.parts.isLive(count, delivered.count)) {
      if (count === delivered.count && !isSamePosition(member.position, delivered)) return this.#askAnew(member);
      this.#readers.delete(member);
      this.#live.add(member);
      return false;
    }
    if (delivered.count - count > this.#services.resumeEntries) return this.#ask(member, "far");
    // A snapshot may be ahead of what was delivered.
    if (count > delivered.count) return false;
    const block = this.#blocks.after(count);
    if (block !== undefined) return this.#give(member, block);
    this.#needs.readBlock(member);
    return false;
  }

  #give(member: Member, block: Block): boolean {
    const { limits, toFrame } = this.#services;
    const { count } = member.position;
    const until = Math.min(block.last, this.#delivered?.count ?? 0);
    const frames = block.frames(count, until, member.line.encoding, toFrame, limits.unsentBytes);
    const at = Math.max(count + 1, block.first);
    const given = block.entries.slice(at - block.first, at - block.first + frames.length);
    const [next, last] = [given[0], given.at(-1)];
    if (next === undefined || last === undefined) return false;
    // A state that is folded without it would be another one than ours.
    if (given.some(({ erased }) => erased)) return this.#ask(member, "gap");
    if (this.#services.parts.nextCheck(member.position.check, next.bytes) !== next.check && next.position === count + 1) return this.#askAnew(member);
    member.line.send(member.line.encoding.join(frames));
    member.position = { epoch: member.position.epoch, count: last.position, check: last.check };
    return true;
  }

  #sendPart(member: Member): boolean {
    const { sending, line, room } = member;
    if (sending === undefined) return false;
    const { snapshot, why, nextPart } = sending;
    line.send(line.encoding.join([snapshot.frame(room, nextPart, why, line.encoding)]));
    if (nextPart + 1 < snapshot.parts) {
      member.sending = { snapshot, why, nextPart: nextPart + 1 };
    } else {
      member.sending = undefined;
      const { epoch, count, check } = snapshot.position;
      // The log may have got its name meanwhile.
      member.position = { epoch: epoch === "" ? (this.#delivered?.epoch ?? "") : epoch, count, check };
    }
    return true;
  }

  /** The member stands on another past than what was delivered. Which of them is the log's, a look tells. */
  #askAnew(member: Member): false {
    this.#needs.look();
    return this.#ask(member, "epoch");
  }

  #ask(member: Member, why: SnapshotReason): false {
    member.sending = undefined;
    this.#needs.snapshot(member, why);
    return false;
  }
}
