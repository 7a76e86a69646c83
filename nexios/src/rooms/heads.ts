import type { Log, Millis } from "../log/log.ts";
import { report } from "../world/report.ts";
import type { Directory } from "./directory.ts";
import type { RoomHost } from "./room-host.ts";

/** Rooms of one question: as many as hold nobody up while the answer is read. */
const roomsAtOnce = 500;

/** Looks at the heads that have changed, so that a lost message is missed for one look: one query for all rooms of a log. */
export class Heads {
  readonly #directory: Directory;
  readonly #overlapMs: number;
  /** When the last look at each log began, in the store's time. */
  readonly #since = new Map<Log, Millis>();
  /** All heads are to be compared. */
  #isDue = false;
  #isComparing = false;

  constructor(logs: readonly Log[], directory: Directory, overlapMs: number) {
    this.#directory = directory;
    this.#overlapMs = overlapMs;
    for (const log of logs) this.#since.set(log, log.now());
  }

  async look(): Promise<void> {
    // It failed, as the store was away.
    if (this.#isDue) this.compareAll();
    for (const [log, since] of this.#since) {
      const startedAt = log.now();
      try {
        for (const { room, head } of await log.changedSince(since - this.#overlapMs)) this.#directory.get(room)?.compare(head);
        this.#since.set(log, startedAt);
      } catch (error) {
        report("error", { where: "looking at the heads", error });
      }
    }
  }

  /** All rooms that are delivered here, whether they seem to have changed or not: by some hundred with one query. A comparison that fails is made again with the next look. */
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
    const [known, unknown] = [[...this.#directory].filter(isDelivering), [...this.#directory].filter((host) => !isDelivering(host))];
    // Those that are being opened; to others it is nothing.
    for (const host of unknown) host.look();
    for (const [log, hosts] of Map.groupBy(known, ({ facts }) => facts.log)) {
      for (let at = 0; at < hosts.length; at += roomsAtOnce) {
        await compareSome(log, hosts.slice(at, at + roomsAtOnce));
        // A log may answer at once: what else is to be done comes between.
        await new Promise<void>((resolve) => this.#directory.clock.afterTurn(resolve));
      }
    }
  }
}

function isDelivering({ delivery }: RoomHost): boolean {
  return delivery.delivered !== undefined;
}

async function compareSome(log: Log, hosts: readonly RoomHost[]): Promise<void> {
  const found = await log.heads(hosts.map(({ facts }) => facts.name));
  const heads = new Map(found.map(({ room, head }) => [room, head]));
  for (const host of hosts) host.compare(heads.get(host.facts.name));
}
