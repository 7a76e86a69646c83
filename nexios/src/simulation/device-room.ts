import type { RoomFacts } from "../contract/room-contract.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { Cancel } from "../world/clock.ts";
import { backoffMs } from "./backoff.ts";
import { DeviceCopy } from "./device-copy.ts";
import type { DeviceLine, ReplyFrame, RoomFrame } from "./device-line.ts";
import { DevicePeople } from "./device-people.ts";
import type { Page, Session } from "./device-records.ts";
import { DeviceRequests } from "./device-requests.ts";
import type { DeviceServices } from "./device-services.ts";

type Signal = Extract<RoomFrame, { readonly kind: "signal" }>;

const finalCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["FORBIDDEN", "NOT_FOUND", "INVALID_MESSAGE", "LIMIT"]);

/** After so many failures to join another process is worth a try: it may run another version. */
const failuresHere = 3;

/** A device in one room, over all its connections. */
export class DeviceRoom {
  readonly name: string;
  readonly copy: DeviceCopy;
  readonly people: DevicePeople;
  readonly requests: DeviceRequests;
  readonly sessions: Session[] = [];
  readonly pages: Page[] = [];
  readonly signals: Signal[] = [];
  /** What it shows of itself. */
  presence: unknown;
  readonly #services: DeviceServices;
  readonly #goElsewhere: () => void;
  #contracts: readonly [RoomFacts, ...RoomFacts[]];
  #isWanted = true;
  #refusal: ErrorCode | undefined;
  #line: DeviceLine | undefined;
  #number: number | undefined;
  /** A join is under way, over the present line. */
  #isJoining = false;
  #failures = 0;
  #cancelRetry: Cancel | undefined;

  /** `goElsewhere`: connects to another process, where the room may be had. */
  constructor(name: string, presence: unknown, services: DeviceServices, label: string, goElsewhere: () => void) {
    const now = (): number => services.scheduler.now;
    const onSurprise = (what: string): void => services.findings.report("protocol", `${label} in ${name}: ${what}`);
    this.name = name;
    this.presence = presence;
    const [first, ...later] = services.contractsOf(name);
    if (first === undefined) throw new TypeError(`No contract has a room ${name}`);
    this.#contracts = [first, ...later];
    this.#services = services;
    this.#goElsewhere = goElsewhere;
    this.copy = new DeviceCopy(first, { now, onSurprise, onMoved: () => this.requests.moved(), onOutdated: () => this.#update(onSurprise) });
    this.people = new DevicePeople(now, onSurprise);
    this.requests = new DeviceRequests(services, (position) => this.copy.hasReached(position));
  }

  /** Why it may not be here; `undefined` if it may. */
  get refusal(): ErrorCode | undefined {
    return this.#refusal;
  }

  /** The version that it knows: it begins with an old one, and takes the next where it meets it. */
  get contract(): RoomFacts {
    return this.#contracts[0];
  }

  get isWanted(): boolean {
    return this.#isWanted && this.#refusal === undefined;
  }

  get isIn(): boolean {
    return this.#number !== undefined;
  }

  /** It wants to be here again. */
  enter(presence: unknown): void {
    this.presence = presence;
    this.#isWanted = true;
    this.#join();
  }

  /** The device has a connection. */
  begin(line: DeviceLine): void {
    this.#line = line;
    this.#join();
  }

  /** The connection is lost. */
  end(): void {
    this.#out();
    this.#isJoining = false;
    this.#line = undefined;
  }

  leave(): void {
    this.#isWanted = false;
    this.#cancelRetry?.();
    const session = this.sessions.at(-1);
    if (session !== undefined) session.isLeft = true;
    if (this.#line === undefined || this.#number === undefined) return;
    this.#line.send({ kind: "leave", room: this.#number });
    this.#line.leave(this.#number);
    this.#out();
  }

  show(presence: unknown): void {
    this.presence = presence;
    if (this.#number !== undefined) this.#line?.send({ kind: "presence", room: this.#number, state: presence });
  }

  signal(name: string, payload: unknown): void {
    if (this.#number !== undefined) this.#line?.send({ kind: "signal", room: this.#number, name, payload });
  }

  history(before: number, limit: number): void {
    const [line, room] = [this.#line, this.#number];
    if (line === undefined || room === undefined) return;
    const id = line.newId((frame) => {
      if (frame.kind === "history") this.pages.push({ before, limit, entries: frame.entries, isEnd: frame.isEnd });
    });
    line.send({ kind: "history", id, room, before, limit });
  }

  #join(): void {
    const line = this.#line;
    if (line === undefined || !this.isWanted || this.#number !== undefined || this.#isJoining) return;
    const { presence } = this;
    this.#isJoining = true;
    const id = line.newId((frame) => {
      this.#takeReply(line, frame);
      // It may have changed on the way.
      if (frame.kind === "joined" && presence !== this.presence) this.show(this.presence);
    });
    line.send({ kind: "join", id, room: this.name, version: this.contract.version, since: this.copy.position, presence });
  }

  #takeReply(line: DeviceLine, frame: ReplyFrame): void {
    if (this.#line !== line) return;
    this.#isJoining = false;
    if (frame.kind === "failed") return this.#refused(frame.code);
    if (frame.kind !== "joined") return;
    this.#failures = 0;
    this.#number = frame.room;
    this.sessions.push({ process: line.process, fromMs: this.#services.scheduler.now, untilMs: undefined, isLeft: false });
    line.bind(frame.room, (next) => this.#take(next));
    this.copy.joined(frame);
    if (!this.#isWanted) return this.leave();
    this.requests.begin(line, frame.room);
  }

  #take(frame: RoomFrame): void {
    if (frame.kind === "snapshot") this.copy.takeSnapshot(frame);
    else if (frame.kind === "entry") this.copy.takeEntry(frame);
    else if (frame.kind === "people" || frame.kind === "presence") this.people.take(frame);
    else if (frame.kind === "signal") this.signals.push(frame);
    else if (frame.kind === "left") {
      this.#line?.release(frame.room);
      this.#out();
      this.#refused(frame.code);
    }
  }

  #refused(code: ErrorCode): void {
    if (!finalCodes.has(code)) {
      if (code === "UNAVAILABLE" && this.#failures >= failuresHere) return this.#goElsewhere();
      this.#cancelRetry = this.#services.scheduler.after(backoffMs(this.#failures++, this.#services.random), () => this.#join());
      return;
    }
    this.#refusal = code;
    this.requests.fail(code);
  }

  /** Takes the newer program, which knows nothing yet, and joins again over the same connection. */
  #update(onSurprise: (what: string) => void): void {
    const [, next, ...later] = this.#contracts;
    if (next === undefined) return onSurprise("something came that is of a version nobody has");
    this.#contracts = [next, ...later];
    this.copy.restart(next);
    if (this.#number !== undefined) this.#line?.leave(this.#number);
    this.#out();
    this.#join();
  }

  #out(): void {
    this.#failures = 0;
    this.#cancelRetry?.();
    this.#number = undefined;
    this.requests.end();
    this.people.end();
    const session = this.sessions.at(-1);
    if (session !== undefined) session.untilMs ??= this.#services.scheduler.now;
  }
}
