import type { RoomUser } from "../contract/serve-options.ts";
import type { Cancel } from "../world/clock.ts";
import type { PresenceExchange } from "./presence-exchange.ts";
import { type DropReason, isSendable, type Shown } from "./presence-message.ts";
import { looksSame } from "./presence-people.ts";
import type { PresenceServices } from "./presence-services.ts";

/** The connections that one process shows in a room. One that was lost stays for a grace, so that who comes back, by any process, was never away. */
export class OwnConnections {
  readonly #services: PresenceServices;
  readonly #exchange: PresenceExchange;
  /** Those that were lost, and until when they stay, in that order. */
  #lost: Map<string, number> | undefined;
  #timer: Cancel | undefined;

  constructor(services: PresenceServices, exchange: PresenceExchange) {
    this.#services = services;
    this.#exchange = exchange;
  }

  /** Shows a connection, or its newer state. @throws TypeError when other processes would not take it. */
  put({ id, user }: { readonly id: string; readonly user: RoomUser }, state: Uint8Array): void {
    if (this.#lost?.has(id) === true) return;
    const { processId: process, now } = this.#services;
    const shown = this.#exchange.state?.people.shown(user.id);
    // Later than what it replaces, whatever the clocks of two processes say.
    const at = laterThan(shown?.at, now());
    const next: Shown = { process, id, userId: user.id, name: user.name, at, state };
    if (shown?.process === process && shown.id === id && looksSame(shown, next)) return;
    if (!isSendable(next)) throw new TypeError("A presence is no JSON, or it, an id or the name is too long");
    this.#exchange.put(next);
  }

  /** Ends a connection: at once, or after the grace if it was lost. A no-op for one that is not shown. */
  drop(id: string, reason: DropReason): void {
    if (reason === "left") return this.#end(id, reason);
    if (!this.#exchange.own.has(id) || this.#lost?.has(id) === true) return;
    const { clock, limits } = this.#services;
    this.#lost ??= new Map();
    this.#lost.set(id, clock.monotonic() + limits.graceMs);
    this.#timer ??= clock.after(limits.graceMs, () => this.#endGrace());
  }

  /** A connection of the user has come: those that were lost are no longer needed. */
  release(userId: string): void {
    const lost = this.#lost;
    if (lost === undefined || lost.size === 0) return;
    const { processId } = this.#services;
    const unneeded = this.#exchange.state?.people.connectionsOf(userId).filter(({ id, process }) => process === processId && lost.has(id)) ?? [];
    for (const { id } of unneeded) this.#end(id, "lost");
  }

  close(): void {
    this.#timer?.();
  }

  #endGrace(): void {
    const { clock } = this.#services;
    const now = clock.monotonic();
    this.#timer = undefined;
    for (const [id, until] of this.#lost ?? []) {
      if (until > now) {
        // Whole milliseconds: a fraction may be too little to move the clock.
        this.#timer = clock.after(Math.ceil(until - now), () => this.#endGrace());
        return;
      }
      this.#end(id, "lost");
    }
  }

  #end(id: string, reason: DropReason): void {
    const connection = this.#exchange.own.get(id);
    this.#lost?.delete(id);
    if (connection === undefined) return;
    const last = this.#exchange.state?.people.lastDrop(connection.userId);
    this.#exchange.drop(id, laterThan(last?.at, this.#services.now()), reason);
  }
}

function laterThan(before: number | undefined, now: number): number {
  return Math.max(Math.floor(now), before === undefined ? 0 : before + 1);
}
