import type { ClientRoom } from "../client/client-room.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { ServerFrame } from "../protocol/frame.ts";
import { DeviceCopy } from "./device-copy.ts";
import { DevicePeople } from "./device-people.ts";
import type { Page, Session } from "./device-records.ts";
import type { DeviceServices } from "./device-services.ts";
import type { CallRecord, ReplyFrame } from "./request-record.ts";

/** A frame about one room, that nobody has asked for. */
type RoomFrame = Extract<ServerFrame, { readonly kind: "snapshot" | "entry" | "people" | "presence" | "signal" }>;

/** What a device's room needs of it. */
export interface DeviceRoomServices extends DeviceServices {
  /** A state has come deflated. */
  onInflated(state: Uint8Array): void;
  /** The client has met a later version: its page is to be another one. */
  onOutdated(room: DeviceRoom): void;
}

/** A device in one room, as it is seen on the wire, over all its connections: what the client must have made of it is known here by another way. */
export class DeviceRoom {
  readonly name: string;
  readonly copy: DeviceCopy;
  readonly people: DevicePeople;
  readonly calls = new Map<string, CallRecord>();
  readonly sessions: Session[] = [];
  readonly pages: Page[] = [];
  /** What it shows of itself. */
  presence: unknown;
  /** The client's own, since it has been there. */
  client: ClientRoom<RoomFacts> | undefined;
  /** Questions that have no answer yet. */
  asking = 0;
  readonly #services: DeviceRoomServices;
  #contracts: readonly [RoomFacts, ...RoomFacts[]];
  #isIn = false;

  constructor(name: string, services: DeviceRoomServices, label: string) {
    const now = (): number => services.scheduler.now;
    const onSurprise = (what: string): void => services.findings.report("protocol", `${label} in ${name}: ${what}`);
    this.name = name;
    this.#services = services;
    const [first, ...later] = services.contractsOf(name);
    if (first === undefined) throw new TypeError(`No contract has a room ${name}`);
    this.#contracts = [first, ...later];
    this.copy = new DeviceCopy(first, {
      now,
      onSurprise,
      onMoved: () => {},
      onInflated: (state) => services.onInflated(state),
      onOutdated: () => this.#update(onSurprise),
    });
    this.people = new DevicePeople(now, onSurprise);
  }

  /** The version that it knows: it begins with an old one, and takes the next where it meets it. */
  get contract(): RoomFacts {
    return this.#contracts[0];
  }

  /** Why it may not be here; `undefined` if it may. */
  get refusal(): ErrorCode | undefined {
    const status = this.client?.status;
    return status?.kind === "refused" ? status.code : undefined;
  }

  get isWanted(): boolean {
    return this.client?.isHeld === true && this.refusal === undefined;
  }

  get isIn(): boolean {
    return this.#isIn;
  }

  /** Calls and questions that are not settled. */
  get open(): number {
    return (this.client?.pending.length ?? 0) + this.asking;
  }

  joined(frame: ReplyFrame & { readonly kind: "joined" }, process: number): void {
    this.#isIn = true;
    this.sessions.push({ process, fromMs: this.#services.scheduler.now, untilMs: undefined, isLeft: false });
    this.copy.joined(frame);
  }

  /** @param drop What comes after this frame is not for the room any more. */
  take(frame: RoomFrame, drop: () => void): void {
    const { contract } = this;
    if (frame.kind === "snapshot") this.copy.takeSnapshot(frame);
    else if (frame.kind === "entry") this.copy.takeEntry(frame);
    else if (frame.kind !== "signal") this.people.take(frame);
    if (contract === this.contract) return;
    drop();
    this.out();
  }

  page(page: Page): void {
    this.pages.push(page);
  }

  record(callId: string, name: string): CallRecord {
    const known = this.calls.get(callId);
    if (known !== undefined) return known;
    const record: CallRecord = { name, callId, replies: [], connections: 0, settled: undefined };
    this.calls.set(callId, record);
    return record;
  }

  /** The client has left of itself. */
  left(): void {
    const session = this.sessions.at(-1);
    if (session !== undefined) session.isLeft = true;
    this.out();
  }

  /** The client is not in the room any more. */
  out(): void {
    if (!this.#isIn) return;
    this.#isIn = false;
    this.people.end();
    const session = this.sessions.at(-1);
    if (session !== undefined) session.untilMs ??= this.#services.scheduler.now;
  }

  /** The page is another one, with another memory. */
  forget(): void {
    this.client = undefined;
    this.copy.restart(this.contract);
  }

  #update(onSurprise: (what: string) => void): void {
    const [, next, ...later] = this.#contracts;
    if (next === undefined) return onSurprise("something came that is of a version nobody has");
    this.#contracts = [next, ...later];
    this.copy.restart(next);
    this.#services.onOutdated(this);
  }
}
