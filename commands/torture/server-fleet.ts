import { between, pick } from "./chance.ts";
import { Child, type ChildOptions } from "./child.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { pause } from "./pause.ts";
import type { Listening } from "./server.ts";

/** What becomes of a fleet's processes. */
export interface FleetEvents {
  readonly onServing: (process: number, port: number) => void;
  /** At that time, in milliseconds since 1970, or just before. */
  readonly onKilled: (process: number, at: number) => void;
}

const shortLifeMs = [0, 1_200] as const;
const deathMs = [0, 600] as const;
/** How often a server is killed as soon as it has been started. */
const earlyChance = 0.25;

/** Runs servers beside each other, each behind its line, and kills now this one and now that. */
export class ServerFleet {
  kills = 0;
  readonly #options: readonly ChildOptions[];
  readonly #proxies: readonly FaultProxy[];
  readonly #events: Partial<FleetEvents>;
  readonly #servers: (Child<Listening> | undefined)[];

  constructor(options: readonly ChildOptions[], proxies: readonly FaultProxy[], events: Partial<FleetEvents> = {}) {
    this.#options = options;
    this.#proxies = proxies;
    this.#events = events;
    this.#servers = options.map(() => undefined);
  }

  get pids(): readonly number[] {
    return this.#servers.map((server) => server?.pid).filter((pid) => pid !== undefined);
  }

  /** Starts all; resolves when all listen. @throws Error when one has ended instead */
  async start(): Promise<void> {
    const listening = await Promise.all(this.#options.map((_, process) => this.#start(process)));
    if (listening.includes(false)) throw new Error("A server ended before it listened");
  }

  /** Kills and starts servers, one at a time, until it is aborted; then all are running. `gapOf`: from which time to which it waits for the next kill, after so many. */
  async torment(gapOf: (kills: number) => readonly [least: number, most: number], signal: AbortSignal): Promise<void> {
    for (;;) {
      await pause(between(...gapOf(this.kills)), signal);
      if (signal.aborted) return;
      const process = pick([...this.#options.keys()]);
      await this.#kill(process);
      await pause(between(...deathMs), signal);
      if (Math.random() < earlyChance) await this.#killEarly(process, signal);
      await this.#start(process);
    }
  }

  /** Kills all. */
  async kill(): Promise<void> {
    await Promise.all(this.#options.map((_, process) => this.#kill(process)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  /** Whether it listens; one that was killed before does not. */
  async #start(process: number): Promise<boolean> {
    const options = this.#options[process];
    if (options === undefined) throw new RangeError(`There is no process ${process}`);
    const server = new Child<Listening>(options);
    this.#servers[process] = server;
    const listening = await server.next();
    if (listening === undefined) return false;
    this.#proxies[process]?.aim(listening.port);
    this.#events.onServing?.(process, listening.port);
    return true;
  }

  async #kill(process: number): Promise<void> {
    this.#proxies[process]?.aim(undefined);
    this.kills++;
    this.#events.onKilled?.(process, Date.now());
    await this.#servers[process]?.kill();
  }

  /** Whether it listens by then is a matter of chance, and so is what it has told the others. */
  async #killEarly(process: number, signal: AbortSignal): Promise<void> {
    const starting = this.#start(process);
    await pause(between(...shortLifeMs), signal);
    await this.#kill(process);
    await starting;
  }
}
