import type { RoomFacts } from "../contract/room-contract.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { Position } from "../protocol/position.ts";
import type { Cancel } from "../world/clock.ts";
import { type Expect, expectedState } from "./expected-state.ts";
import type { Hub } from "./hub.ts";
import { Listeners, throwLater } from "./listeners.ts";
import type { ReceivedEntryFrame, RoomFrame } from "./received-frame.ts";
import { toAnswer, toOutcome } from "./outcome.ts";
import type { Request } from "./request.ts";
import { RoomCopy, type Taken, type TakenEntry } from "./room-copy.ts";
import { RoomHistory } from "./room-history.ts";
import { type JoinedFrame, RoomLink } from "./room-link.ts";
import { RoomPeople } from "./room-people.ts";
import { RoomPresence } from "./room-presence.ts";
import { RoomRequests } from "./room-requests.ts";
import { RoomResume } from "./room-resume.ts";
import type { ReceivedSignal, RequestOptions, Resume, RoomStatus } from "./room-types.ts";
import type { Session } from "./session.ts";
import { toSendableJson } from "./sendable.ts";
import { failed, type PendingCall, type Settled } from "./settled.ts";

/** A room of a client, without its types: `ClientRoom` says what each public member promises. */
export class RoomCore {
  readonly name: string;
  contract: RoomFacts;
  status: RoomStatus = { kind: "idle", code: undefined };
  readonly #hub: Hub;
  readonly #copy: RoomCopy;
  readonly #resume: RoomResume;
  readonly #people = new RoomPeople();
  readonly #presence: RoomPresence;
  readonly #link: RoomLink;
  readonly #requests: RoomRequests;
  readonly #history: RoomHistory;
  readonly #changes = new Listeners<void>();
  readonly #entries = new Listeners<TakenEntry>();
  readonly #signals = new Listeners<ReceivedSignal>();
  readonly #outcomes = new Listeners<readonly [PendingCall, Settled]>();
  #expect: Expect = {};
  #holds = 0;
  #cancelLinger: Cancel | undefined;
  #shown: { readonly state: unknown } | undefined;
  #isChanged = false;

  constructor(name: string, contract: RoomFacts, presence: unknown, hub: Hub) {
    this.name = name;
    this.contract = contract;
    this.#hub = hub;
    this.#copy = new RoomCopy(contract, hub);
    this.#resume = new RoomResume(hub, this.#copy);
    this.#presence = new RoomPresence(presence, hub, (state) => this.#link.send((room) => ({ kind: "presence", room, state })));
    this.#link = new RoomLink(hub, this);
    this.#requests = new RoomRequests(hub, this);
    this.#history = new RoomHistory(hub, this.#link);
  }

  get position(): Position | undefined {
    return this.#copy.position;
  }

  get confirmedState(): unknown {
    return this.#copy.state;
  }

  get state(): unknown {
    return (this.#shown ??= { state: expectedState(this, this.#copy.state, this.#expect, this.#hub.status.user) }).state;
  }

  get people(): readonly unknown[] {
    return this.#people.list;
  }

  get peopleCount(): number {
    return this.#people.count;
  }

  get lastResume(): Resume | undefined {
    return this.#resume.last;
  }

  get pending(): readonly Request[] {
    return this.#requests.pending;
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  hold(): () => void {
    if (this.status.kind === "idle") this.#hub.onHeld(this);
    this.#cancelLinger?.();
    this.#holds++;
    if (this.status.kind === "idle") {
      this.#away();
      this.#requests.load();
      this.#link.want();
    }
    let isHeld = true;
    return () => {
      if (isHeld) this.leave();
      isHeld = false;
    };
  }

  leave(): void {
    if (this.#holds === 0 || --this.#holds > 0) return;
    this.#cancelLinger = this.#hub.world.clock.after(this.#hub.limits.lingerMs, () => {
      this.#setStatus("idle");
      this.#link.unwant();
      this.#hub.onLeft(this);
    });
  }

  async call(name: string, input: unknown, options?: RequestOptions): Promise<unknown> {
    return toOutcome(await this.#request("call", name, input, options), this.contract.log);
  }

  async ask(name: string, input: unknown, options?: RequestOptions): Promise<unknown> {
    return toAnswer(await this.#request("ask", name, input, options));
  }

  expect(expect: Expect = {}): void {
    this.#expect = expect;
  }

  signal(name: string, payload: unknown): void {
    toSendableJson(payload);
    this.#link.send((room) => ({ kind: "signal", room, name, payload }));
  }

  show(state: unknown): void {
    this.#presence.show(state);
  }

  async history(before: number, limit = 100): Promise<unknown> {
    const { list, isEnd } = await this.#history.page(before, limit);
    return { entries: list.map((entry) => this.#copy.readEntry(entry)), isEnd: Boolean(isEnd) };
  }

  onChange(listener: () => void): Cancel {
    return this.#changes.add(listener);
  }

  onEntry(listener: (entry: TakenEntry) => void): Cancel {
    return this.#entries.add(listener);
  }

  onSignal(listener: (signal: ReceivedSignal) => void): Cancel {
    return this.#signals.add(listener);
  }

  onSettled(listener: (call: PendingCall, settled: Settled) => void): Cancel {
    return this.#outcomes.add((outcome) => listener(...outcome));
  }

  /** Takes another version of the contract, as a reloaded module has it. */
  adopt(contract: RoomFacts): void {
    if (contract === this.contract) return;
    this.contract = contract;
    this.#copy.reset(contract);
    this.#changed();
    if (this.status.kind === "idle") return;
    this.#away();
    this.#link.restart();
  }

  /** There is a connection, or none any more. */
  begin(session: Session | undefined): void {
    this.#link.begin(session);
  }

  /** The client may not come back, or is closed. */
  fail(code: ErrorCode): void {
    if (code === "CONNECTION_CLOSED") this.#cancelLinger?.();
    this.#requests.fail(code);
  }

  hasReached(position: Position): boolean {
    return this.#copy.hasReached(position);
  }

  onRequests(): void {
    this.#changed();
  }

  onOutcome(call: PendingCall, settled: Settled): void {
    this.#outcomes.tell([call, settled]);
  }

  toJoin(): { readonly room: string; readonly version: number; readonly since: Position | undefined; readonly presence: unknown } {
    this.#resume.begin();
    return { room: this.name, version: this.contract.version, since: this.#copy.position, presence: this.#presence.toJoin() };
  }

  onJoined(frame: JoinedFrame, session: Session): void {
    this.#copy.begin(frame.why !== undefined);
    this.#resume.joined(frame);
    this.#setStatus("catching-up");
    this.#presence.joined();
    this.#requests.begin(session, frame.room);
    this.#moved();
  }

  onFrame(frame: RoomFrame): void {
    this.#copy.inOrder(() => {
      // What is behind an inflated snapshot may lead astray, as anything may.
      if (this.#link.number !== undefined) this.#try(() => this.#take(frame));
    });
  }

  onOut(code?: ErrorCode, isFinal?: boolean): void {
    this.#requests.end();
    this.#history.end();
    this.#copy.begin(false);
    if (this.status.kind === "idle" || this.status.kind === "outdated" || this.status.kind === "refused") return;
    if (isFinal !== true) return this.#away(code);
    if (code === "OUTDATED") return this.#setStatus("outdated", code);
    this.#setStatus("refused", code);
    this.#requests.fail(code ?? "FORBIDDEN");
  }

  #request(kind: "call" | "ask", name: string, input: unknown, options?: RequestOptions): Promise<Settled> {
    const { kind: status, code = "OUTDATED" } = this.status;
    return status === "refused" || status === "outdated" ? Promise.resolve(failed(code)) : this.#requests.make(kind, name, input, options);
  }

  #take(frame: RoomFrame): void {
    if (frame.kind === "entry") this.#takeEntry(frame);
    else if (frame.kind === "snapshot") {
      this.#resume.snapshot(frame.why);
      this.#react(this.#copy.takeSnapshot(frame, (take) => this.#try(() => this.#react(take()))));
    } else if (frame.kind === "signal") this.#signals.tell({ name: frame.name, userId: frame.userId, payload: frame.value });
    else if (frame.kind === "ignored") this.#presence.refused(frame.code);
    else if (frame.kind !== "left") {
      this.#people.take(frame);
      this.#changed();
    }
  }

  #try(take: () => void): void {
    try {
      take();
    } catch (error) {
      // The contract can't take what is in the log, or has failed half-way: a snapshot is the way round it.
      throwLater(error);
      this.#copy.reset();
      this.#link.fail("INTERNAL");
    }
  }

  #takeEntry(frame: ReceivedEntryFrame): void {
    const taken = this.#copy.takeEntry(frame);
    if (typeof taken === "string") return this.#react(taken);
    if (frame.callId !== undefined) this.#requests.see(frame.callId);
    this.#resume.entry();
    this.#moved();
    this.#entries.tell(taken);
  }

  #react(taken: Taken): void {
    if (taken === "taken") this.#moved(true);
    else if (taken === "astray") this.#link.again();
    else if (taken === "outdated") {
      // What is pending may be sent by the page that comes after a reload.
      this.#setStatus("outdated", "OUTDATED");
      this.#link.unwant();
    }
  }

  /** The room stands elsewhere than before. */
  #moved(bySnapshot = false): void {
    this.#changed();
    this.#requests.moved();
    if (!this.#resume.ends(bySnapshot)) return;
    this.#link.settled();
    this.#setStatus("live");
  }

  #away(code?: ErrorCode): void {
    this.#setStatus(this.#copy.position === undefined ? "joining" : "stale", code);
  }

  #setStatus(kind: RoomStatus["kind"], code?: ErrorCode): void {
    if (kind === this.status.kind && code === this.status.code) return;
    this.status = { kind, code };
    this.#changed();
  }

  /** All that one message changes is told once. */
  #changed(): void {
    this.#shown = undefined;
    if (this.#isChanged) return;
    this.#isChanged = true;
    this.#hub.world.clock.afterTurn(() => {
      this.#isChanged = false;
      this.#changes.tell();
    });
  }
}
