import type { ClientRoom } from "../client/client-room.ts";
import type { RoomOptions } from "../client/room-types.ts";
import type { Params } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import { BackgroundFaults } from "./background-faults.ts";
import type { Cluster } from "./cluster.ts";
import type { Device } from "./device.ts";
import type { DeviceRoom } from "./device-room.ts";
import { findPresenceFaults } from "./presence-views.ts";
import type { Random } from "./random.ts";
import { Stage } from "./stage.ts";
import { passVerdict } from "./verdict.ts";

/** So long may it take until all is calm. */
const calmWithinMs = 60_000;
const lookEveryMs = 50;
const underWayMs = 150;

/** A whole cluster with its clients, under a virtual clock: in it an hour passes in an instant, and everything that goes wrong does so by the seed. */
export class World {
  /** Draws that belong to the test: the same in each run of a seed. */
  readonly random: Random;
  readonly #cluster: Cluster;
  readonly #stage: Stage;
  readonly #faults: BackgroundFaults | undefined;
  readonly #clients = new Map<string, Client>();

  /** `hasFaults`: things go wrong of themselves. */
  constructor(cluster: Cluster, random: Random, hasFaults: boolean) {
    this.random = random.fork("test");
    this.#cluster = cluster;
    this.#stage = new Stage(cluster, cluster.devices);
    this.#faults = hasFaults ? new BackgroundFaults(this.#stage, random.fork("faults")) : undefined;
    this.#faults?.start();
  }

  /** The store's time, by which rooms judge: milliseconds since 1970. A world begins in 2030. */
  get now(): number {
    return this.#cluster.now();
  }

  /** The client of that name: one connection of a user, who bears the name unless another id is given. */
  client(name: string, userId = name): Client {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const device = this.#cluster.addDevice(name, { id: userId, name: userId });
    const client = new Client(device);
    device.start();
    this.#clients.set(name, client);
    return client;
  }

  /** A process dies at once; clients come back by another. Processes count from 0. */
  kill(process: number): void {
    this.#play("kill", process);
  }

  /** A process that was killed starts again. */
  restart(process: number): void {
    this.#play("restart", process);
  }

  /** A client's connection breaks. It comes back by itself. */
  cut(name: string): void {
    const device = this.#cluster.devices.findIndex((candidate) => candidate.name === name);
    if (device === -1) throw new TypeError(`There is no client "${name}"`);
    this.#stage.play({ kind: "cut", device, at: this.#cluster.scheduler.now });
  }

  /** Lets so much virtual time pass. */
  run(ms: number): Promise<void> {
    return new Promise((resolve) => this.#cluster.scheduler.after(ms, resolve));
  }

  /**
   * Lets time pass without faults until each client is in its rooms, stands at their ends, and has its calls settled; then checks what must always hold: nothing missed,
   * doubled or reordered, acknowledged calls kept, each call in effect once, and every state the fold of the log.
   * @throws Error that says what does not hold, or what keeps it from being calm after a virtual minute.
   */
  async settle(): Promise<void> {
    const { scheduler, findings, processes } = this.#cluster;
    this.#faults?.stop();
    if (!processes.some(({ isAlive }) => isAlive)) throw new Error("No process lives: restart one before you settle");
    const end = scheduler.now + calmWithinMs;
    // What members have just sent is on its way.
    await this.run(underWayMs);
    while (!this.#isCalm() && scheduler.now < end) await this.run(lookEveryMs);
    passVerdict(this.#cluster, this.#stage, this.#cluster.devices);
    const { violations } = findings;
    if (violations.length > 0) throw new Error(violations.map(({ rule, what, atMs }) => `${rule}: ${what} (${atMs} ms)`).join("\n"));
    this.#faults?.start();
  }

  #isCalm(): boolean {
    const places = this.#cluster.devices.flatMap((device) => [...device.rooms.values()].map((room) => ({ device, room })));
    if (!places.every(({ room }) => this.#isSettled(room))) return false;
    const withPeople = places.filter(({ room }) => room.contract.hasPresence);
    return [...Map.groupBy(withPeople, ({ room }) => room.name).values()].every((ofRoom) => findPresenceFaults(ofRoom).length === 0);
  }

  #isSettled(room: DeviceRoom): boolean {
    if (!room.isWanted) return true;
    const position = room.client?.position;
    if (!room.isIn || position === undefined || room.open > 0) return false;
    const head = this.#cluster
      .diskOf(room.name)
      .committed(room.name)
      .findLast((entry) => entry.public !== undefined)?.public;
    if (position.count !== (head?.position ?? 0) || position.check !== (head?.check ?? 0)) return false;
    return true;
  }

  #play(kind: "kill" | "restart", process: number): void {
    this.#stage.play({ kind, process, at: this.#cluster.scheduler.now });
  }
}

/** One connection of a user. */
export class Client {
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Joins a room, and stays in it over all breaks: the room of `nexios/client`, as a browser has it. */
  join<C extends RoomFacts>(contract: C, params: Params<C["path"]>, options?: RoomOptions<C>): ClientRoom<C> {
    return this.#device.enter(contract, params, options);
  }

  /** Its page is loaded anew: what is only in memory is gone, calls that are not settled are kept, and the rooms that were held are joined again. */
  reload(): void {
    this.#device.reload();
  }
}
