import { toPublicEntry } from "../log/public-entry.ts";
import type { Head, PublicEntry, StoredEntry } from "../log/log.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { Encoding, EntryFrame } from "../protocol/frame.ts";
import { isSamePosition, type Position, toMemberPosition } from "../protocol/position.ts";
import { endsWithin } from "../world/clock.ts";
import { Audience } from "./audience.ts";
import type { HostFacts, HostServices } from "./host-services.ts";
import { CatchUp, toPosition } from "./catch-up.ts";
import { Decider } from "./decider.ts";
import { Delivery } from "./delivery.ts";
import { toEntryFrame } from "./entry-frame.ts";
import type { Line } from "./line.ts";
import type { Member } from "./member.ts";
import { MemberSupply } from "./member-supply.ts";
import { decodeRoomMessage, encodeRoomMessage } from "./room-message.ts";
import { RoomPresence } from "./room-presence.ts";
import { Watchers } from "./watchers.ts";
import { Snapshot } from "./snapshot.ts";
import { Snapshots } from "./snapshots.ts";

/** So long does a first member wait until the other processes are heard. */
const subscribeMs = 200;

/** A room on one process: decides its calls, and delivers its entries to the members that are here. */
export class RoomHost {
  readonly facts: HostFacts;
  readonly delivery: Delivery;
  readonly snapshots: Snapshots;
  readonly supply: MemberSupply;
  readonly audience: Audience;
  /** Who listens on the server, once the room is open. */
  readonly watchers = new Watchers();
  readonly #services: HostServices;
  readonly #catchUp: CatchUp;
  readonly #topic: string;
  #opening: Promise<void> | undefined;
  #presence: RoomPresence | undefined;
  #decider: Decider | undefined;
  /** Joins that are under way. */
  #joining = 0;
  /** What a room that keeps all was last seen to begin with. */
  #firstPosition = 1;
  #usedAt: number;

  constructor(facts: HostFacts, services: HostServices) {
    const { limits, parts, cache, clock, reads, figures } = services;
    const { name, log } = facts;
    this.facts = facts;
    this.#services = services;
    this.#topic = `room/${name}`;
    this.#usedAt = clock.monotonic();
    const toFrame = (entry: PublicEntry, encoding: Encoding): Uint8Array => encoding.encode(this.toFrame(entry));
    this.delivery = new Delivery(
      { limits, parts, cache, toFrame, resumeEntries: facts.room.resumeEntries, figures },
      {
        look: () => this.#catchUp.look(),
        waitForHole: () => this.#catchUp.waitForHole(),
        readBlock: (member) => this.supply.block(member),
        snapshot: (member, why) => this.supply.snapshot(member, why),
        forget: () => {
          this.snapshots.forget();
          this.watchers.reset();
        },
        onDelivered: (entries) => this.watchers.delivered(entries),
      },
    );
    this.audience = new Audience(this.delivery, limits);
    this.#catchUp = new CatchUp(name, { log, clock, reads, holeMs: limits.holeMs, toPosition: (head) => this.#toPosition(head) }, this.delivery);
    this.snapshots = new Snapshots({ make: () => this.#makeSnapshot(), deliveredBytes: () => this.delivery.deliveredBytes });
    this.supply = new MemberSupply({
      name,
      clock,
      delivery: this.delivery,
      catchUp: this.#catchUp,
      snapshots: this.snapshots,
      resumeEntries: facts.room.resumeEntries,
      leave: (member, code) => this.#leave(member, code),
    });
  }

  /** What decides here; it is made when it is needed, and let go with its state. */
  get decider(): Decider {
    const { log, clock, limits, parts, passed } = { ...this.#services, ...this.facts };
    return (this.#decider ??= new Decider(
      this.facts.name,
      this.facts.room,
      { log, clock, limits, parts, ...(passed !== undefined && { passed }) },
      {
        onFound: (entries, head) => this.#onEntries(entries, head),
        onAppended: (entries, head) => this.#onEntries(entries, head, true),
        onForgotten: () => this.delivery.forgetPast(),
        onClosed: (code) => this.#onClosed(code),
      },
    ));
  }

  /** Why nothing is decided here; `undefined` while it is. */
  get closed(): ErrorCode | undefined {
    return this.#decider?.closed;
  }

  /** Who is here; `undefined` while the room is not delivered here, or has no presence. */
  get presence(): RoomPresence | undefined {
    return this.#presence;
  }

  /** Bytes of the state that is held here, as it was last encoded. */
  get stateBytes(): number {
    return this.#decider?.stateBytes ?? 0;
  }

  /** When its state was last used, by the monotonic clock. */
  get usedAt(): number {
    return this.#usedAt;
  }

  get isBusy(): boolean {
    return this.watchers.size > 0 || this.#joining > 0 || this.delivery.size > 0 || this.#decider?.isBusy === true || this.#presence?.isIdle === false;
  }

  /** Somebody is about to come: until the function that it gives is called, the room stays. */
  expect(): () => void {
    this.#joining++;
    return () => void this.#joining--;
  }

  /** Throws the state away; it is folded from the log when it is needed again. A room that is closed stays so. */
  forgetState(): void {
    this.snapshots.forget();
    if (this.#decider?.isBusy === false && this.closed === undefined) this.#decider = undefined;
  }

  use(): void {
    this.#usedAt = this.#services.clock.monotonic();
  }

  /** Begins to deliver: listens to the other processes, and looks where the log stands. @throws NexiosError UNAVAILABLE */
  async open(): Promise<void> {
    this.#opening ??= this.#open();
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    if (this.delivery.delivered !== undefined) return;
    this.delivery.begin(await this.head());
  }

  /** Nobody is here any more: no traffic of the room comes to this process. */
  rest(): void {
    if (this.#opening === undefined) return;
    this.#opening = undefined;
    this.#services.broker.unsubscribe(this.#topic);
    this.#presence?.close();
    this.#presence = undefined;
    this.delivery.end();
    this.snapshots.forget();
  }

  /** Compares what was delivered with the log, and reads on. */
  look(): void {
    if (this.#opening !== undefined) this.#catchUp.look();
  }

  /** The same, by a head that was read for many rooms at once; `undefined`: there is none that could be read. */
  compare(head: Head | undefined): void {
    const { delivered } = this.delivery;
    const at = this.#toPosition(head);
    if (this.facts.room.keepsAll && head !== undefined) this.#compareFirst(head);
    if (delivered !== undefined && !isSamePosition(delivered, at)) this.look();
  }

  /** Another process may have forgotten entries that are kept here as they were read. */
  #compareFirst({ firstPosition }: Head): void {
    if (firstPosition > this.#firstPosition) this.delivery.forgetPast();
    this.#firstPosition = firstPosition;
  }

  /** Where the log stands now, as members count. */
  async head(): Promise<Position> {
    return this.#toPosition(await this.facts.log.head(this.facts.name));
  }

  /** A page of entries before a count, newest first, none of them at or before `fromCount`. @throws NexiosError UNAVAILABLE, DAMAGED */
  async page(before: number, limit: number, fromCount: number): Promise<{ readonly entries: readonly EntryFrame[]; readonly isEnd: boolean }> {
    const kept = await this.facts.log.readPublicBefore(this.facts.name, before, limit);
    const entries = kept.filter(({ position }) => position > fromCount).map((entry) => this.toFrame(entry));
    const oldest = entries.at(-1);
    return { entries, isEnd: entries.length < limit || oldest === undefined || oldest.count <= fromCount + 1 };
  }

  /** A signal reaches who can take it now, on every process; it is kept for nobody. */
  signal(name: string, line: Line, payload: Uint8Array): void {
    const userId = line.user.id;
    this.audience.signal({ kind: "signal", room: this.facts.number, name, userId, payload }, line);
    this.#services.broker.publish(this.#topic, encodeRoomMessage({ kind: "signal", name, userId, payload }));
  }

  /** What the member's connection has room for now. */
  drained(member: Member): void {
    if (member.isPeopleDue) this.givePeople(member);
    this.delivery.pump(member);
  }

  /** Tells a member who is here: behind what is told to all in this turn, so that it misses no change and takes none back; and when others have said whom they have. */
  givePeople(member: Member): void {
    member.isPeopleDue = this.#presence?.delays(() => member.isPeopleDue && this.givePeople(member)) === true;
    if (member.isPeopleDue || this.#presence === undefined || member.isGone) return;
    this.audience.tell(member, { kind: "people", room: this.facts.number, ...this.#presence.view() });
  }

  /** An entry, as members get it. */
  toFrame(entry: PublicEntry): EntryFrame {
    return toEntryFrame(this.facts, entry, this.delivery.delivered?.epoch);
  }

  close(): void {
    this.rest();
    this.#catchUp.close();
  }

  async #open(): Promise<void> {
    const { processId, clock, limits, broker, isAlone, onGone } = this.#services;
    const { name, number, room, log } = this.facts;
    if (room.contract.hasPresence) {
      this.#presence = new RoomPresence(
        { processId, clock, now: () => log.now(), limits: limits.presence, isAlone },
        {
          publish: (bytes) => broker.publish(this.#topic, encodeRoomMessage({ kind: "presence", bytes })),
          onFrame: (frame) => this.audience.tellAll({ ...frame, room: number }),
          onGone: (userId, reason) => onGone(name, userId, reason),
        },
      );
    }
    const subscribing = broker.subscribe(this.#topic, (message) => this.#take(message)).then(() => this.#hear());
    // A broker that is away delays what others append by a look; it keeps nobody out.
    await endsWithin(clock, subscribeMs, subscribing);
  }

  /** The other processes can be heard: what they have told meanwhile is looked for. */
  #hear(): void {
    this.#presence?.askAll();
    this.look();
  }

  #onEntries(entries: readonly StoredEntry[], head: Head, isOwn = false): void {
    const shown = entries.map(toPublicEntry).filter((entry) => entry !== undefined);
    const { broker } = this.#services;
    if (isOwn && shown.length > 0 && broker.hasOthers?.() !== false) {
      broker.publish(this.#topic, encodeRoomMessage({ kind: "entries", epoch: head.epoch, entries: shown }));
    }
    this.delivery.take(head.epoch, shown);
    if (shown.length < entries.length) this.watchers.hidden();
    this.#services.onHead(this, head);
  }

  #take(bytes: Uint8Array): void {
    const message = decodeRoomMessage(bytes);
    if (message?.kind === "entries") this.delivery.hear(message.epoch, message.entries);
    else if (message?.kind === "signal") this.audience.signal({ ...message, room: this.facts.number }, undefined);
    else if (message?.kind === "presence") {
      const from = this.#presence?.take(message.bytes);
      if (from !== undefined) this.#services.onHeard(from);
    }
  }

  async #makeSnapshot(): Promise<Snapshot> {
    const { room } = this.facts;
    this.use();
    return this.decider.current(({ epoch, position, publicCheck, states }) => {
      const bytes = room.contract.encodeState(states.public);
      // Where something is secret, only a checkpoint has both.
      if (!room.hasSecret) this.decider.measureState(bytes.length);
      const at = toMemberPosition(epoch, position, publicCheck);
      const { limits, deflate } = this.#services;
      return new Snapshot(at, room.contract.version, { format: room.contract.stateFormat, bytes }, { partBytes: limits.snapshotPartBytes, deflate });
    });
  }

  #leave(member: Member, code: ErrorCode): void {
    if (member.isGone) return;
    this.audience.tell(member, { kind: "left", room: this.facts.number, code });
    this.delivery.remove(member);
    this.#presence?.drop(member.line.id, "left");
  }

  /** A process that has decided nothing must find too that a newer version has written. */
  #toPosition(head: Head | undefined): Position {
    if (head !== undefined && head.version > this.facts.room.contract.version) this.decider.meet(head.version);
    return toPosition(head);
  }

  /** Members of a room that a newer version has written to go where that runs. */
  #onClosed(code: "UNAVAILABLE" | "INTERNAL"): void {
    if (code === "UNAVAILABLE") return this.audience.tellAll({ kind: "drain", room: this.facts.number, afterMs: 0, windowMs: 1_000 });
    for (const member of this.delivery.members()) this.#leave(member, "INTERNAL");
  }
}
