import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { parseRoomName } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { LogKind } from "../contract/shape.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { RoomLimits } from "../rooms/limits.ts";
import { Device } from "./device.ts";
import type { Connected, DeviceServices } from "./device-services.ts";
import { Disk } from "./disk.ts";
import { Findings } from "./findings.ts";
import { BrokerNetwork } from "./lossy-broker.ts";
import { Network } from "./network.ts";
import { SimulatedProcess } from "./process.ts";
import type { Random } from "./random.ts";
import { Rights } from "./rights.ts";
import { Scheduler } from "./scheduler.ts";
import type { Variant } from "./variant.ts";
import type { SimulatedWire } from "./wires.ts";

/** What a cluster is made of. */
export interface ClusterOptions {
  readonly random: Random;
  readonly processes: number;
  /** Each room by version of its contract, from 1. */
  readonly rooms: readonly (readonly ServedRoom[])[];
  readonly limits?: Partial<RoomLimits>;
  readonly variant?: Variant;
  /** Bytes that nobody may be sent. */
  readonly secret?: Uint8Array;
}

/** Who wants a connection, and where to. */
interface Connecting {
  readonly user: RoomUser;
  readonly wire: SimulatedWire;
  readonly avoid: number | undefined;
  readonly only: number | undefined;
  readonly random: Random;
}

/** When a cluster starts, by a right clock. */
const startAt = Date.UTC(2030, 0, 1);

/** Processes, stores, broker, network and devices, in one virtual time. */
export class Cluster {
  readonly scheduler = new Scheduler();
  readonly findings = new Findings(() => this.scheduler.now);
  readonly rights = new Rights();
  readonly random: Random;
  /** Other than the rooms' own. */
  readonly limits: Partial<RoomLimits>;
  readonly disks: Readonly<Record<LogKind, Disk>>;
  readonly broker: BrokerNetwork;
  readonly processes: readonly SimulatedProcess[];
  readonly devices: Device[] = [];
  readonly #network: Network;
  /** By version. */
  readonly #contracts: readonly (readonly RoomFacts[])[];
  readonly #secret: Uint8Array | undefined;

  constructor({ random, processes, rooms, limits = {}, variant = {}, secret }: ClusterOptions) {
    const { scheduler } = this;
    this.random = random;
    this.limits = limits;
    this.#secret = secret;
    this.#network = new Network(scheduler, random.fork("network"));
    this.broker = new BrokerNetwork(scheduler, random.fork("broker"));
    const disk = (kind: LogKind): Disk => new Disk({ scheduler, random: random.fork(`disk ${kind}`), durable: kind === "durable", now: () => this.now() });
    this.disks = { durable: disk("durable"), volatile: disk("volatile") };
    this.#contracts = rooms.map((versions) => versions.map(({ contract }) => contract));
    const hosted = (version: number): readonly HostedRoom[] =>
      rooms.map((versions) => this.rights.guard(hostRoom(versions[Math.min(version, versions.length) - 1] as ServedRoom)));
    this.processes = Array.from({ length: processes }, (_, number) => {
      const services = { scheduler, random: random.fork(`process ${number}`), findings: this.findings, disks: this.disks, broker: this.broker };
      return new SimulatedProcess(number, { ...services, startAt, rooms: hosted, limits, variant });
    });
  }

  /** The store's time: milliseconds since 1970. */
  now(): number {
    return startAt + Math.floor(this.scheduler.now);
  }

  start(): void {
    for (const process of this.processes) process.start();
  }

  /** A device that is off. `only`: the one process that it connects to, and whose version it has. */
  addDevice(name: string, user: RoomUser, only?: number): Device {
    const random = this.random.fork(`device ${name}`);
    const skewMs = random.between(-5, 5);
    const services: DeviceServices = {
      scheduler: this.scheduler,
      random,
      findings: this.findings,
      now: () => this.now() + skewMs,
      connect: (of, wire, avoid) => this.#connect({ user: of, wire, avoid, only, random }),
      contractsOf: (room) => {
        const contracts = this.#contractsOf(room);
        const version = only === undefined ? 1 : (this.processes[only]?.version ?? 1);
        return contracts.slice(Math.min(version, contracts.length) - 1);
      },
    };
    const device = new Device(name, user, services, this.#secret);
    this.devices.push(device);
    return device;
  }

  /** The newest contract of a room's kind. @throws TypeError for a name of none. */
  contractOf(room: string): RoomFacts {
    const contract = this.#contractsOf(room).at(-1);
    if (contract === undefined) throw new TypeError(`No contract has a room ${room}`);
    return contract;
  }

  /** The store that holds a room's log. */
  diskOf(room: string): Disk {
    return this.disks[this.contractOf(room).log];
  }

  /** Nothing of it goes on. */
  close(): void {
    for (const device of this.devices) device.stop();
    for (const process of this.processes) process.kill();
  }

  #contractsOf(room: string): readonly RoomFacts[] {
    return this.#contracts.find((versions) => versions.some((contract) => parseRoomName(contract, room) !== undefined)) ?? [];
  }

  async #connect({ user, wire, avoid, only, random }: Connecting): Promise<Connected> {
    const offered = this.processes.filter(({ isOffered, number }) => isOffered && (only === undefined || number === only));
    const others = offered.filter(({ number }) => number !== avoid);
    if (offered.length === 0) throw new NexiosError("UNAVAILABLE", "No process takes connections");
    const process = random.pick(others.length > 0 ? others : offered);
    return { link: await this.#network.connect(process.endFor(user, wire)), process: process.number };
  }
}
