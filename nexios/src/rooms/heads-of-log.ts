import type { Log, Millis } from "../log/log.ts";
import { report } from "../world/report.ts";
import type { Directory } from "./directory.ts";
import type { RoomHost } from "./room-host.ts";

/** Rooms of one question: as many as hold nobody up while the answer is read. */
const roomsAtOnce = 500;

/** The heads of one log's rooms: one query for all that have changed. */
export class HeadsOfLog {
  readonly #log: Log;
  readonly #directory: Directory;
  readonly #overlapMs: number;
  /** When the last look began, in the store's time. */
  #since: Millis;
  /** All heads are to be compared. */
  #isDue = false;
  #isComparing = false;

  constructor(log: Log, directory: Directory, overlapMs: number) {
    this.#log = log;
    this.#directory = directory;
    this.#overlapMs = overlapMs;
    this.#since = log.now();
  }

  async look(): Promise<void> {
    // It failed, as the store was away.
    if (this.#isDue) this.compareAll();
    const startedAt = this.#log.now();
    try {
      for (const { room, head } of await this.#log.changedSince(this.#since - this.#overlapMs)) this.#directory.get(room)?.compare(head);
      this.#since = startedAt;
    } catch (error) {
      report("error", { where: "looking at the heads", error });
    }
  }

  /** A comparison that fails is made again with the next look. */
  compareAll(): void {
    this.#isDue = true;
    if (!this.#isComparing) void this.#compareWhileDue();
  }

  async #compareWhileDue(): Promise<void> {
    this.#isComparing = true;
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await this.#compare();
      }
    } catch (error) {
      this.#isDue = true;
      report("error", { where: "comparing the heads", error });
    } finally {
      this.#isComparing = false;
    }
  }

  async #compare(): Promise<void> {
    const hosts = [...this.#directory].filter(({ facts }) => facts.log === this.#log);
    const known = hosts.filter(isDelivering);
    // Those that are being opened; to others it is nothing.
    for (const host of hosts) if (!isDelivering(host)) host.look();
    for (let at = 0; at < known.length; at += roomsAtOnce) {
      await this.#compareSome(known.slice(at, at + roomsAtOnce));
      // A log may answer at once: what else is to be done comes between.
      await new Promise<void>((resolve) => this.#directory.clock.afterTurn(resolve));
    }
  }

  async #compareSome(hosts: readonly RoomHost[]): Promise<void> {
    const found = await this.#log.heads(hosts.map(({ facts }) => facts.name));
    const heads = new Map(found.map(({ room, head }) => [room, head]));
    for (const host of hosts) host.compare(heads.get(host.facts.name));
  }
}

function isDelivering({ delivery }: RoomHost): boolean {
  return delivery.delivered !== undefined;
}
