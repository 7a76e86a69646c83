import { between } from "./chance.ts";
import { Child, type ChildOptions } from "./child.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { pause } from "./pause.ts";
import type { Listening } from "./server.ts";

const firstLifeMs = [800, 2_500] as const;
const lifeMs = [2_000, 8_000] as const;
const shortLifeMs = [0, 1_200] as const;
const deathMs = [0, 600] as const;
/** How often a server is killed as soon as it has been started. */
const earlyChance = 0.3;

/** Runs servers on one folder, one after the other, and kills them. */
export class ServerKeeper {
  kills = 0;
  readonly #options: ChildOptions;
  readonly #proxy: FaultProxy;
  #server: Child<Listening> | undefined;

  constructor(options: ChildOptions, proxy: FaultProxy) {
    this.#options = options;
    this.#proxy = proxy;
  }

  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /** Starts a server; resolves when it listens, or has ended. */
  async start(): Promise<void> {
    this.#server = new Child<Listening>(this.#options);
    const listening = await this.#server.next();
    this.#proxy.aim(listening?.port);
  }

  /** Kills and starts servers until it is aborted; then one is running. */
  async torment(signal: AbortSignal): Promise<void> {
    for (let life = between(...firstLifeMs); ; life = between(...lifeMs)) {
      await pause(life, signal);
      if (signal.aborted) return;
      await this.kill();
      await pause(between(...deathMs), signal);
      if (Math.random() < earlyChance) await this.#killEarly(signal);
      await this.start();
    }
  }

  /** Kills what is running. */
  async kill(): Promise<void> {
    this.#proxy.aim(undefined);
    this.kills++;
    await this.#server?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.kill();
  }

  /** Whether it listens by then is a matter of chance, and so is what it has done with the file. */
  async #killEarly(signal: AbortSignal): Promise<void> {
    const starting = this.start();
    await pause(between(...shortLifeMs), signal);
    await this.kill();
    await starting;
  }
}
