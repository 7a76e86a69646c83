import { type Cancel, repeat } from "../world/clock.ts";
import { forgive } from "./heartbeat.ts";
import type { ConnectionServices, OpenConnection } from "./open-connection.ts";
import type { RateState } from "./rate.ts";

/** A token that runs out is noticed within this time. */
const lookEveryMs = 500;

interface UserConnections {
  readonly rate: RateState;
  /** Oldest first. */
  readonly connections: Set<OpenConnection>;
}

/** All open connections of a process. One timer looks at all of them. */
export class Connections {
  readonly #services: ConnectionServices;
  readonly #all = new Set<OpenConnection>();
  readonly #users = new Map<string, UserConnections>();
  #cancel: Cancel | undefined;
  #lookedAt = 0;

  constructor(services: ConnectionServices) {
    this.#services = services;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Connections of one user, oldest first. */
  of(userId: string): ReadonlySet<OpenConnection> {
    return this.#users.get(userId)?.connections ?? new Set();
  }

  /** Takes it in until it ends. */
  add(connection: OpenConnection): void {
    this.#all.add(connection);
    connection.onEnd(() => {
      this.#all.delete(connection);
      this.#forgetUser(connection);
    });
  }

  /** Says whose it is. Past the limit of a user the oldest of his is closed with 4409. */
  identify(connection: OpenConnection, userId: string, expiresAt: number | undefined): void {
    connection.expiresAt = expiresAt;
    if (connection.userId === userId || connection.ending !== undefined) return;
    connection.userId = userId;
    const user = this.#users.get(userId) ?? { rate: { due: 0 }, connections: new Set() };
    this.#users.set(userId, user);
    user.connections.add(connection);
    connection.userRate = user.rate;
    const [oldest] = user.connections;
    if (user.connections.size > this.#services.limits.connectionsPerUser) {
      oldest!.fail("REPLACED", "replaced by a newer connection");
      this.#forgetUser(oldest!);
    }
  }

  start(): void {
    const { clock } = this.#services;
    this.#lookedAt = clock.monotonic();
    this.#cancel = repeat(clock, lookEveryMs, () => this.#look());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Closes all: each when it has answered what it still owes, or now. */
  closeAll(code: number, reason: () => string, when: "settled" | "now" = "now"): void {
    for (const connection of this.#all) {
      const close = (): void => connection.close(code, reason());
      if (when === "now" || connection.settle === undefined) close();
      else void connection.settle().then(close);
    }
  }

  /** Closes those of no room, each at a moment of its own, to come back at once. Resolves when all connections are gone, whoever has closed them, or the time is over. */
  async dismiss({ code, withinMs, afterMs }: { readonly code: number; readonly withinMs: number; readonly afterMs: () => number }): Promise<void> {
    const { clock } = this.#services;
    const end = clock.monotonic() + withinMs;
    const closing = [...this.#all].filter(({ settle }) => settle === undefined).map((connection) => clock.after(afterMs(), () => connection.close(code, "0")));
    while (this.#all.size > 0 && clock.monotonic() < end) {
      const waitMs = Math.min(lookEveryMs / 5, end - clock.monotonic());
      await new Promise<void>((resolve) => void clock.after(waitMs, resolve));
    }
    for (const cancel of closing) cancel();
  }

  /** Cuts what is left; returns how many. */
  destroyAll(): number {
    const left = this.#all.size;
    for (const connection of this.#all) connection.destroy();
    return left;
  }

  #look(): void {
    const now = this.#services.clock.monotonic();
    const wallNow = this.#services.clock.now();
    const lateMs = now - this.#lookedAt - lookEveryMs;
    this.#lookedAt = now;
    for (const connection of this.#all) {
      if (lateMs > lookEveryMs) forgive(connection.pulse, lateMs);
      connection.examine(now, wallNow);
    }
  }

  #forgetUser(connection: OpenConnection): void {
    if (connection.userId === undefined) return;
    const user = this.#users.get(connection.userId);
    if (user?.connections.delete(connection) && user.connections.size === 0) this.#users.delete(connection.userId);
  }
}
