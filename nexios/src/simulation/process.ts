import { deflateRawSync } from "node:zlib";
import type { HostedRoom } from "../contract/hosted-room.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import type { LogKind } from "../contract/shape.ts";
import type { Log } from "../log/log.ts";
import { defaultDrainOptions } from "../rooms/drain.ts";
import type { RoomLimits } from "../rooms/limits.ts";
import type { Line } from "../rooms/line.ts";
import { Rooms } from "../rooms/rooms.ts";
import { drawCallId } from "./call-ids.ts";
import type { Disk, DiskHandle } from "./disk.ts";
import type { Findings } from "./findings.ts";
import type { Link } from "./link.ts";
import type { BrokerNetwork, LossyBroker } from "./lossy-broker.ts";
import type { ServerEnd } from "./network.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import { type NewLine, openServerLine } from "./server-line.ts";
import type { Variant } from "./variant.ts";
import { VirtualClock } from "./virtual-clock.ts";
import type { SimulatedWire } from "./wires.ts";

/** What a process is given by its cluster. */
export interface ProcessServices {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly findings: Findings;
  readonly disks: Readonly<Record<LogKind, Disk>>;
  readonly broker: BrokerNetwork;
  /** What a right clock showed at the start: milliseconds since 1970. */
  readonly startAt: number;
  /** The rooms as a version of the program has them. */
  readonly rooms: (version: number) => readonly HostedRoom[];
  readonly limits: Partial<RoomLimits>;
  readonly variant: Variant;
}

/** From one start to its end. */
interface Life {
  readonly clock: VirtualClock;
  readonly logs: Readonly<Record<LogKind, DiskHandle>>;
  readonly broker: LossyBroker;
  readonly rooms: Rooms;
  readonly links: Set<Link>;
  isReady: boolean;
  /** From then on no balancer sends anybody here. */
  hiddenFromMs: number;
}

/** A process that could not start is started again so much later. */
const startAgainMs = 500;
const closingMs = 200;

/** One process of a cluster, over all its starts. */
export class SimulatedProcess {
  readonly number: number;
  /** Of the program that it runs; a restart keeps it. */
  version = 1;
  readonly #services: ProcessServices;
  #life: Life | undefined;
  #starts = 0;
  #lines = 0;

  constructor(number: number, services: ProcessServices) {
    this.number = number;
    this.#services = services;
  }

  /** It has not ended; it may not be ready. */
  get isAlive(): boolean {
    return this.#life !== undefined;
  }

  /** A balancer sends clients here. */
  get isOffered(): boolean {
    return this.#life?.isReady === true && this.#services.scheduler.now < this.#life.hiddenFromMs;
  }

  /** Its rooms, while it is up. */
  get rooms(): Rooms | undefined {
    return this.#life?.isReady === true ? this.#life.rooms : undefined;
  }

  /** Where a client's connection comes in, as the user that it has proven to be. */
  endFor(user: RoomUser, wire: SimulatedWire): ServerEnd {
    const life = this.#life;
    if (life === undefined) throw new Error(`Process ${this.number} is down`);
    return {
      gate: life.clock,
      isUp: life.isReady,
      accept: (link) => this.#accept(life, { link, user, wire }),
    };
  }

  /** False when it runs already. */
  start(): boolean {
    if (this.#life !== undefined) return false;
    const { scheduler, random, disks, broker, startAt, limits, variant } = this.#services;
    const skewMs = random.between(-200, 200);
    const clock = new VirtualClock(scheduler, { startAt, skewMs });
    const logs = { durable: disks.durable.open(clock), volatile: disks.volatile.open(clock) };
    const member = broker.join({ gate: clock, onReconnect: () => life.rooms.brokerReconnected() });
    const wrap = (kind: LogKind): Log => variant.wrapLog?.(logs[kind], kind, this.number) ?? logs[kind];
    const own = this.#services.rooms(this.version);
    const rooms = new Rooms(variant.rooms?.(own, this.number) ?? own, {
      processId: `p${this.number}.${++this.#starts}`,
      logs: { durable: wrap("durable"), volatile: wrap("volatile") },
      broker: member,
      clock,
      newCallId: (now) => drawCallId(now, random),
      // At once: a thread's time is not virtual.
      deflate: (bytes) => Promise.resolve(new Uint8Array(deflateRawSync(bytes))),
      limits: { ...limits, ...variant.rules },
      ...(variant.parts !== undefined && { parts: variant.parts }),
    });
    const life: Life = { clock, logs, broker: member, rooms, links: new Set(), isReady: false, hiddenFromMs: Infinity };
    this.#life = life;
    void this.#begin(life);
    return true;
  }

  /** It dies at once, and nothing of it goes on. False when it is down. */
  kill(): boolean {
    if (this.#life === undefined) return false;
    this.#end(this.#life);
    return true;
  }

  /** Sends its members away, and ends. False when it is not up, or ends already. */
  drain(): boolean {
    const life = this.#life;
    const { scheduler } = this.#services;
    if (life?.isReady !== true || life.hiddenFromMs !== Infinity) return false;
    life.hiddenFromMs = scheduler.now + defaultDrainOptions.checkMs;
    void this.#sendAway(life);
    return true;
  }

  stall(ms: number): boolean {
    return this.#life?.clock.stall(ms) ?? false;
  }

  stepClock(ms: number): boolean {
    return this.#life?.clock.step(ms) ?? false;
  }

  async #begin(life: Life): Promise<void> {
    try {
      await life.rooms.start();
      life.isReady = true;
    } catch {
      // Its store can't be had: what watches over processes tries again.
      this.#end(life);
      this.#services.scheduler.after(startAgainMs, () => void this.start());
    }
  }

  async #sendAway(life: Life): Promise<void> {
    await life.rooms.drain(defaultDrainOptions);
    await life.rooms.close();
    life.clock.after(closingMs, () => this.#end(life));
  }

  #end(life: Life): void {
    if (this.#life === life) this.#life = undefined;
    life.clock.stop();
    life.broker.kill();
    life.logs.durable.kill();
    life.logs.volatile.kill();
    for (const link of life.links) link.kill(link.server);
    life.links.clear();
  }

  #accept(life: Life, { link, user, wire }: Pick<NewLine, "link" | "user" | "wire">): void {
    const { variant, findings } = this.#services;
    life.links.add(link);
    const id = `l${this.number}.${this.#starts}.${++this.#lines}`;
    const wrap = (line: Line): Line => variant.wrapLine?.(line) ?? line;
    const now = (): number => life.logs.durable.now();
    openServerLine({ link, user, wire, id, rooms: life.rooms, clock: life.clock, now, wrap, findings, onClose: () => void life.links.delete(link) });
  }
}
