import type { RoomUser } from "../contract/serve-options.ts";
import type { PersonFrame } from "../protocol/frame.ts";
import type { Cancel } from "../world/clock.ts";
import { OwnConnections } from "./own-connections.ts";
import { PresenceExchange } from "./presence-exchange.ts";
import { type PresenceFrame, PresenceFrames } from "./presence-frames.ts";
import type { DropReason } from "./presence-message.ts";
import type { PersonChange } from "./presence-people.ts";
import type { PresenceServices } from "./presence-services.ts";

export { defaultPresenceLimits, type PresenceLimits } from "./presence-services.ts";

/** Why a person is gone: the last connection left, or was lost, or its process is gone. */
type GoneReason = DropReason | "process";

/** What a room's presence tells. */
export interface PresenceEvents {
  /** To the room's presence on all other processes. */
  publish(message: Uint8Array): void;
  /** To all members here. */
  onFrame(frame: PresenceFrame): void;
  /**
   * A person is gone. One process is told: the one that had the last connection. If that process is gone itself, the one with the lowest id of those that have
   * somebody in the room; if none has, each that has the room open. After a lost message a second one may be told.
   */
  onGone(userId: string, reason: GoneReason): void;
}

const countEveryMs = 1_000;
/** A process that dies together with another is found out within this time. */
const inheritMs = 10_000;

/** Who is in one room, over all processes: one for each open room of a process. */
export class RoomPresence {
  readonly #services: PresenceServices;
  readonly #events: PresenceEvents;
  readonly #frames: PresenceFrames;
  readonly #exchange: PresenceExchange;
  readonly #own: OwnConnections;
  /** Persons whose end another process tells its server, by that process. */
  #entrusted: Map<string, readonly string[]> | undefined;
  #inheriting: Cancel | undefined;
  /** When those are gone who have not come back from a process that has stopped. */
  readonly #handovers = new Map<string, Cancel>();
  #flushing: Cancel | "this turn" | undefined;
  #flushedAt = -Infinity;
  /** When the others have had their time to say whom they have. */
  #gatheredAt: number | undefined;
  #isClosed = false;

  constructor(services: PresenceServices, events: PresenceEvents) {
    this.#services = services;
    this.#events = events;
    this.#frames = new PresenceFrames(services.limits.listedPeople);
    this.#exchange = new PresenceExchange(services, { publish: (message) => events.publish(message), onChanges: (changes) => this.#onChanges(changes) });
    this.#own = new OwnConnections(services, this.#exchange);
  }

  /** Nobody is shown by a connection of this process, lost ones included, and the others have been told so often enough: the room may close. */
  get isIdle(): boolean {
    return this.#exchange.own.size === 0 && !this.#exchange.isTelling;
  }

  /**
   * Shows a connection, or its newer state, which must not be changed afterwards.
   * @throws TypeError when the state is no JSON or above 16 KiB, an id empty or above 512 characters, or a name above 1,024.
   */
  put(connection: { readonly id: string; readonly user: RoomUser }, state: Uint8Array): void {
    if (!this.#isClosed) this.#own.put(connection, state);
  }

  /** Ends a connection: one that left at once, one that was lost after the grace. A no-op for one that is not shown. */
  drop(connectionId: string, how: DropReason): void {
    if (!this.#isClosed) this.#own.drop(connectionId, how);
  }

  /** Takes a message of another process, and returns which: it is a sign of life. `undefined` for bytes that are no message; never throws. */
  take(message: Uint8Array): string | undefined {
    return this.#isClosed ? undefined : this.#exchange.take(message);
  }

  /** A process has stopped: who was there has the grace to come by another, and was never away. */
  processStopped(processId: string): void {
    const { state } = this.#exchange;
    if (state === undefined || this.#isClosed || processId === this.#services.processId) return;
    this.#show(state.retire(processId));
    const { clock, limits } = this.#services;
    this.#handovers.get(processId)?.();
    this.#handovers.set(
      processId,
      clock.after(limits.graceMs, () => this.processGone(processId)),
    );
  }

  /** A process has died: its connections are gone. */
  processGone(processId: string): void {
    const { state } = this.#exchange;
    this.#endHandover(processId);
    if (state === undefined || this.#isClosed || processId === this.#services.processId) return;
    const changes = state.leave(processId);
    this.#show(changes);
    const gone = changes.filter(({ after }) => after === undefined).map(({ userId }) => userId);
    const inherited = this.#entrusted?.get(processId) ?? [];
    this.#entrusted?.delete(processId);
    this.#tellOrEntrust([...inherited, ...gone].filter((userId) => state.people.shown(userId) === undefined));
  }

  /** A process is heard for the first time, or again: one that was taken for gone is asked for its list. */
  processNew(processId: string): void {
    if (this.#isClosed) return;
    this.#endHandover(processId);
    this.#exchange.welcome(processId);
  }

  /** Asks all processes for their lists: when the room has opened here and hears the others, and when the broker is back. */
  askAll(): void {
    if (this.#isClosed) return;
    const { clock, limits, isAlone } = this.#services;
    // What is known from before an outage of the broker is better than nothing.
    this.#gatheredAt ??= isAlone() ? -Infinity : clock.monotonic() + limits.gatherMs;
    this.#exchange.askAll();
  }

  /**
   * Whether a view that is given now would be wrong soon: changes of this turn are about to be told, and may be taken back by it; or others have not said yet whom they
   * have, and who was seen by way of another process would seem to be gone. Then `run` comes later.
   */
  delays(run: () => void): boolean {
    const { clock } = this.#services;
    const waitMs = Math.ceil((this.#gatheredAt ?? -Infinity) - clock.monotonic());
    if (waitMs > 0) clock.after(waitMs, run);
    else if (this.#flushing === "this turn") clock.afterTurn(run);
    else return false;
    return true;
  }

  /** Everybody who is here; or, in a large room, only how many. */
  view(): { readonly people: readonly PersonFrame[] | undefined; readonly count: number } {
    return this.#frames.view(this.#exchange.state?.people);
  }

  /** Stops, and tells nobody anything. */
  close(): void {
    this.#isClosed = true;
    this.#exchange.close();
    this.#own.close();
    this.#inheriting?.();
    for (const cancel of this.#handovers.values()) cancel();
    if (typeof this.#flushing === "function") this.#flushing();
  }

  #endHandover(processId: string): void {
    this.#handovers.get(processId)?.();
    this.#handovers.delete(processId);
  }

  #onChanges(changes: readonly PersonChange[]): void {
    this.#show(changes);
    for (const { userId, after, lastDrop } of changes) {
      if (after === undefined && lastDrop?.process === this.#services.processId) this.#events.onGone(userId, lastDrop.reason);
    }
  }

  #show(changes: readonly PersonChange[]): void {
    for (const change of changes) {
      this.#frames.note(change);
      if (change.hasCome) this.#own.release(change.userId);
    }
    if (changes.length === 0 || this.#flushing !== undefined) return;
    const { clock } = this.#services;
    const waitMs = this.#frames.isCounted ? this.#flushedAt + countEveryMs - clock.monotonic() : 0;
    if (waitMs > 0) {
      this.#flushing = clock.after(waitMs, () => this.#flush());
    } else {
      this.#flushing = "this turn";
      clock.afterTurn(() => this.#flush());
    }
  }

  #flush(): void {
    this.#flushing = undefined;
    if (this.#isClosed || this.#exchange.state === undefined) return;
    this.#flushedAt = this.#services.clock.monotonic();
    const frame = this.#frames.next(this.#exchange.state.people);
    if (frame !== undefined) this.#events.onFrame(frame);
  }

  #tellOrEntrust(userIds: readonly string[]): void {
    const [teller] = (this.#exchange.state?.hosts() ?? []).toSorted();
    if (teller === undefined || teller === this.#services.processId) {
      for (const userId of userIds) this.#events.onGone(userId, "process");
    } else if (userIds.length > 0) {
      this.#entrusted ??= new Map();
      this.#entrusted.set(teller, [...(this.#entrusted.get(teller) ?? []), ...userIds]);
      this.#inheriting?.();
      this.#inheriting = this.#services.clock.after(inheritMs, () => (this.#entrusted = undefined));
    }
  }
}
