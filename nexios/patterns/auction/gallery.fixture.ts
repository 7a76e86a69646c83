import type { ClientRoom } from "../../src/client/client-room.ts";
import type { ServedRoom } from "../../src/contract/served-room.ts";
import type { RoomLimits } from "../../src/rooms/limits.ts";
import { Cluster } from "../../src/simulation/cluster.ts";
import type { Link } from "../../src/simulation/link.ts";
import { createRandom, type Random } from "../../src/simulation/random.ts";
import { watchErrors } from "../../src/simulation/verdict.ts";
import { auction, type Auction } from "./contract.ts";

/** Something that a connection was given: when the server gave it, and the bytes; for an end, why. */
export interface Given {
  readonly atMs: number;
  readonly bytes: string;
}

/** What a gallery is made of. */
export interface GalleryOptions {
  readonly seed: number;
  readonly limits?: Partial<RoomLimits>;
  /** By so much the clocks of some people are wrong; those of the others by 5 ms at most. */
  readonly skewsMs?: Readonly<Record<string, number>>;
}

/** Two processes with people who watch a lot, in virtual time, and all that each of them is given. */
export class Gallery {
  readonly cluster: Cluster;
  /** By person, over all connections, in order. */
  readonly given = new Map<string, Given[]>();
  /** When what somebody says from now on comes to the server: a moment of the virtual time. */
  readonly arrivals = new Map<string, number>();

  constructor(served: ServedRoom, { seed, limits = {}, skewsMs = {} }: GalleryOptions) {
    this.cluster = new Cluster({ random: steady(createRandom(seed), skewsMs), processes: 2, rooms: [[served]], limits });
    for (const process of this.cluster.processes) {
      const endFor = process.endFor.bind(process);
      process.endFor = (user, wire) => {
        const end = endFor(user, wire);
        return {
          ...end,
          accept: (link) => {
            this.#listen(user.id, link);
            end.accept(link);
            this.#hold(user.id, link);
          },
        };
      };
    }
    this.cluster.start();
  }

  /** The store's time. */
  get now(): number {
    return this.cluster.now();
  }

  /** Somebody comes, to one of the two processes. */
  enter(name: string, process: number): ClientRoom<Auction> {
    const device = this.cluster.addDevice(name, { id: name, name }, process);
    device.start();
    return device.enter(auction, { lotId: "1" }, { presence: {} });
  }

  /** Somebody's connection breaks. It comes back by itself. */
  cut(name: string): void {
    this.cluster.devices.find((device) => device.name === name)?.link?.cut();
  }

  /** Lets so much virtual time pass. */
  run(ms: number): Promise<void> {
    return this.cluster.scheduler.run(ms);
  }

  /** Lets virtual time pass until the store's shows a moment. */
  runUntil(moment: number): Promise<void> {
    return this.run(moment - this.now);
  }

  /** At the server's end, since on its way a message may be hidden behind an earlier one that is slower. */
  #listen(userId: string, { server }: Link): void {
    const given = this.given.get(userId) ?? [];
    this.given.set(userId, given);
    const note = (bytes: string): void => void given.push({ atMs: this.cluster.scheduler.now, bytes });
    const send = server.send.bind(server);
    const close = server.close.bind(server);
    server.send = (message) => {
      note(Buffer.from(message).toString("latin1"));
      send(message);
    };
    server.close = (why) => {
      note(`closed: ${why}`);
      close(why);
    };
  }

  #hold(userId: string, { server }: Link): void {
    const take = server.onMessage;
    server.onMessage = (message) => {
      const moment = this.arrivals.get(userId);
      if (moment === undefined) take(message);
      else this.cluster.scheduler.at(moment, () => take(message));
    };
  }
}

/** Plays something among people, and gives what each of them was given. @throws Error for whatever is reported as a fault */
export async function play(
  served: ServedRoom,
  options: GalleryOptions,
  script: (gallery: Gallery) => Promise<void>,
): Promise<ReadonlyMap<string, readonly Given[]>> {
  const gallery = new Gallery(served, options);
  const { cluster, given } = gallery;
  try {
    await watchErrors(cluster.findings, () => script(gallery));
    if (cluster.findings.violations.length > 0) throw new Error(cluster.findings.violations.map(({ what }) => what).join("\n"));
    return given;
  } finally {
    cluster.close();
  }
}

/**
 * Streams as a seed decides, of which what is drawn for one thing moves nothing of another: links, processes and devices have streams of their own already. A store's is one
 * for all, so that one write more would give all later ones another delay: here each takes the same time.
 */
function steady(random: Random, skewsMs: Readonly<Record<string, number>>): Random {
  function fork(label: string | number): Random {
    const own = random.fork(label);
    if (String(label).startsWith("disk ")) return { ...drawsOf(own), next: () => 0.5, chance: (p) => p > 0.5 };
    const skewMs = skewsMs[String(label).replace("device ", "")];
    // The first draw between two numbers that a device makes is its clock's.
    return skewMs === undefined ? own : { ...drawsOf(own), between: () => skewMs };
  }
  return { ...drawsOf(random), fork };
}

function drawsOf(random: Random): Random {
  return {
    next: () => random.next(),
    integer: (below) => random.integer(below),
    between: (low, high) => random.between(low, high),
    pick: (items) => random.pick(items),
    chance: (p) => random.chance(p),
    fork: (label) => random.fork(label),
    uuid: () => random.uuid(),
  };
}
