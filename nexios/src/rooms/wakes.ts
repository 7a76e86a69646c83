import type { Head, Log } from "../log/log.ts";
import type { Cancel, Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { RoomHost } from "./room-host.ts";

/** What waking rooms needs of its process. */
export interface WakesServices {
  readonly logs: readonly Log[];
  readonly clock: Clock;
  readonly lookMs: number;
  /** No room is woken while the time may be wrong by more. */
  readonly timeBoundMs: number;
  /** `undefined` for a room of no contract here. */
  readonly open: (room: string) => RoomHost | undefined;
}

/** Rooms of one look. */
const dueRooms = 1_000;
/** A wake that failed is made again so much later; each time twice as much, up to the last. */
const retryMs = 500;
const longestRetryMs = 60_000;

interface Planned {
  readonly at: number;
  readonly cancel: Cancel;
}

interface Failed {
  readonly count: number;
  /** By the monotonic clock. */
  readonly again: number;
}

/**
 * Makes the calls that rooms make to themselves. The time stands in the head's row, so that a restart forgets none and no room must be folded to find it; whoever finds
 * it due makes the call, and the head says whether it still is to be made.
 */
export class Wakes {
  readonly #services: WakesServices;
  readonly #planned = new Map<string, Planned>();
  readonly #failed = new Map<string, Failed>();
  /** Rooms that are due, and of no contract of this process. */
  readonly #foreign = new Set<string>();
  #closed = false;

  constructor(services: WakesServices) {
    this.#services = services;
  }

  /** One look at what is due before the next one. */
  async look(): Promise<void> {
    // One that does not answer keeps nobody from the others.
    await Promise.all(this.#services.logs.map((log) => this.#lookAt(log)));
  }

  /** Plans a room's wake, if it is due before the next look. */
  plan(room: string, { wakeAt }: Head, log: Log): void {
    const planned = this.#planned.get(room);
    if (planned?.at === wakeAt || this.#closed || this.#foreign.has(room)) return;
    planned?.cancel();
    this.#planned.delete(room);
    if (wakeAt === undefined) return;
    const delay = wakeAt - log.now();
    if (delay > 2 * this.#services.lookMs) return;
    const wait = (this.#failed.get(room)?.again ?? -Infinity) - this.#services.clock.monotonic();
    const cancel = this.#services.clock.after(Math.max(0, delay, wait), () => void this.#wake(room, wakeAt, log));
    this.#planned.set(room, { at: wakeAt, cancel });
  }

  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#planned.values()) cancel();
  }

  async #lookAt(log: Log): Promise<void> {
    try {
      // Those that fail, or are of no contract here, stand in the way of nobody.
      const due = await log.due(log.now() + this.#services.lookMs, dueRooms + this.#failed.size + this.#foreign.size);
      for (const { room, head } of due) this.plan(room, head, log);
    } catch (error) {
      report("error", { where: "looking for rooms to wake", error });
    }
  }

  /** Until the time has come for certain: a timer may be early by the store's clock, and so may what this process takes for it. */
  #waitFor(wakeAt: number, log: Log): number {
    const { timeBoundMs, lookMs } = this.#services;
    const boundMs = log.timeBoundMs();
    return boundMs > timeBoundMs ? lookMs : wakeAt + Math.ceil(boundMs) - log.now();
  }

  async #wake(room: string, wakeAt: number, log: Log): Promise<void> {
    if (this.#closed) return;
    const waitMs = this.#waitFor(wakeAt, log);
    if (waitMs > 0) {
      this.#planned.set(room, { at: wakeAt, cancel: this.#services.clock.after(waitMs, () => void this.#wake(room, wakeAt, log)) });
      return;
    }
    const host = this.#services.open(room);
    if (host === undefined) this.#foreign.add(room);
    host?.use();
    const reply = await host?.decider.wake({ kind: "wake", wakeAt });
    // A commit may have planned the next one meanwhile.
    if (this.#planned.get(room)?.at === wakeAt) this.#planned.delete(room);
    if (reply?.kind !== "failed") {
      this.#failed.delete(room);
      return;
    }
    const count = (this.#failed.get(room)?.count ?? 0) + 1;
    this.#failed.set(room, { count, again: this.#services.clock.monotonic() + Math.min(longestRetryMs, retryMs * 2 ** (count - 1)) });
  }
}
