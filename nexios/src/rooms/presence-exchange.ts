import type { Cancel } from "../world/clock.ts";
import { DigestSchedule } from "./digest-schedule.ts";
import { decodePresence, type DropReason, encodePresence, type PresenceMessage, type Shown, toListParts } from "./presence-message.ts";
import type { PersonChange } from "./presence-people.ts";
import type { PresenceServices } from "./presence-services.ts";
import { type PresenceNews, PresenceState } from "./presence-state.ts";

/** What an exchange gives to its room. */
export interface ExchangeEvents {
  publish(message: Uint8Array): void;
  /** What became of persons by what was told or heard. */
  onChanges(changes: readonly PersonChange[]): void;
}

/** Asks that come together get one answer. */
const answerAfterMs = 20;
const nobody: ReadonlyMap<string, Shown> = new Map();

/** What the processes that have a room open tell each other of who is there: changes, digests, questions and lists, until all of them know the same. */
export class PresenceExchange {
  readonly #services: PresenceServices;
  readonly #events: ExchangeEvents;
  /** Not made before somebody is shown. */
  #state: PresenceState | undefined;
  #digests: DigestSchedule | undefined;
  /** This process's last change. */
  #number: number | undefined;
  #digestsThatAsk = 0;
  #hasAsked = false;
  #askTimer: Cancel | undefined;
  #answer: { kind: "list" | "digest"; readonly cancel: Cancel } | undefined;

  constructor(services: PresenceServices, events: ExchangeEvents) {
    this.#services = services;
    this.#events = events;
  }

  /** `undefined`: nobody has been shown yet. */
  get state(): PresenceState | undefined {
    return this.#state;
  }

  /** This process's own connections. */
  get own(): ReadonlyMap<string, Shown> {
    return this.#state?.connectionsOf(this.#services.processId) ?? nobody;
  }

  /** Whether there is more to be told of a change of this process. */
  get isTelling(): boolean {
    return this.#number !== undefined && this.#digests?.isPending === true;
  }

  /** Tells that a connection is shown, or its newer state. */
  put(connection: Shown): void {
    const { processId: process } = this.#services;
    if (this.own.size > 0) {
      this.#tell({ kind: "put", process, number: this.#nextNumber(), connection });
    } else {
      // The first is a whole list, so that nobody needs to ask. A room that closes and opens again goes on above all numbers that it had.
      this.#number = Math.max(this.#number ?? 0, this.#firstNumber());
      this.#tell({ kind: "list", process, number: this.#nextNumber(), part: 0, parts: 1, connections: [connection] });
    }
    if (!this.#hasAsked) this.askAll();
  }

  /** Tells that a connection has ended. */
  drop(id: string, at: number, reason: DropReason): void {
    this.#tell({ kind: "drop", process: this.#services.processId, number: this.#nextNumber(), id, at, reason });
  }

  /** Takes a message of another process, and returns which; `undefined` for bytes that are no message. */
  take(bytes: Uint8Array): string | undefined {
    const { processId } = this.#services;
    const message = decodePresence(bytes);
    if (message === undefined || message.process === processId) return undefined;
    const isShown = this.own.size > 0;
    if (message.kind === "ask") {
      if (message.to === undefined ? isShown : message.to.includes(processId)) this.#answerWith("list");
      return message.process;
    }
    if (this.#state === undefined && message.kind === "digest" && message.count === 0) return message.process;
    this.#state ??= new PresenceState();
    this.#events.onChanges(this.#state.apply(message));
    if (message.kind === "digest" && message.isAsking && isShown) this.#answerWith("digest");
    this.#askStale();
    return message.process;
  }

  /** Asks all processes for their lists. */
  askAll(): void {
    const { processId: process, clock, limits } = this.#services;
    this.#hasAsked = true;
    // The question, or an answer, may be lost: the digests that follow ask for digests.
    this.#digestsThatAsk = limits.digestAfterMs.length;
    this.#state?.doubtAllBut(process, clock.monotonic());
    this.#publish({ kind: "ask", process, to: undefined });
    this.#scheduleDigests();
    this.#askStale();
  }

  /** Listens to a process again. One that was taken for gone is asked for its list. */
  welcome(processId: string): void {
    this.#state?.welcome(processId);
    this.#askStale();
  }

  close(): void {
    this.#digests?.close();
    this.#askTimer?.();
    this.#answer?.cancel();
  }

  /** Above every number of an earlier opening, which made less than a thousand changes a millisecond. */
  #firstNumber(): number {
    return Math.floor(this.#services.now()) * 1_000;
  }

  #nextNumber(): number {
    this.#number = (this.#number ?? this.#firstNumber()) + 1;
    return this.#number;
  }

  /** Published before it takes effect here: what follows from it has a higher number. */
  #tell(news: PresenceNews): void {
    this.#state ??= new PresenceState();
    this.#publish(news);
    this.#events.onChanges(this.#state.apply(news));
    this.#scheduleDigests();
  }

  #scheduleDigests(): void {
    const { clock, limits } = this.#services;
    this.#digests ??= new DigestSchedule(clock, limits.digestAfterMs, () => this.#sendDigest(this.#digestsThatAsk-- > 0));
    this.#digests.changed();
  }

  #sendDigest(isAsking: boolean): void {
    const { processId: process } = this.#services;
    this.#publish({ kind: "digest", process, number: this.#number ?? this.#firstNumber(), count: this.own.size, isAsking });
  }

  #answerWith(kind: "list" | "digest"): void {
    if (this.#answer === undefined) this.#answer = { kind, cancel: this.#services.clock.after(answerAfterMs, () => this.#sendAnswer()) };
    else if (kind === "list") this.#answer.kind = kind;
  }

  #sendAnswer(): void {
    const kind = this.#answer?.kind;
    this.#answer = undefined;
    if (kind === "digest") return this.#sendDigest(false);
    for (const part of toListParts(this.#services.processId, this.#number ?? this.#firstNumber(), this.own.values())) this.#publish(part);
  }

  #askStale(): void {
    if (this.#state?.isStale !== true) return;
    const { processId: process, clock, limits } = this.#services;
    const { ids, changes } = this.#state.toAsk(clock.monotonic(), limits.askEveryMs);
    if (ids.length > 0) this.#publish({ kind: "ask", process, to: ids });
    this.#events.onChanges(changes);
    if (!this.#state.isStale) return;
    this.#askTimer ??= clock.after(limits.askEveryMs, () => {
      this.#askTimer = undefined;
      this.#askStale();
    });
  }

  #publish(message: PresenceMessage): void {
    this.#events.publish(encodePresence(message));
  }
}
