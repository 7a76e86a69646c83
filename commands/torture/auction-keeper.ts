import type { LotTimes } from "./auction-lot.ts";
import { Child, type ChildOptions } from "./child.ts";
import type { Listening } from "./server.ts";

/** Runs the server of a stampede: killed and started again it listens on the same port, on the same folder. */
export class AuctionKeeper {
  port = 0;
  longestAwayMs = 0;
  readonly #options: (port: number) => ChildOptions;
  #server: Child<Listening | string> | undefined;

  constructor(options: (port: number) => ChildOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /** Resolves when it listens. @throws Error when it ends first */
  async start(): Promise<void> {
    this.#server = new Child(this.#options(this.port));
    const listening = await this.#server.next();
    if (listening === undefined || typeof listening === "string") throw new Error(`The server ended (${await this.#server.ended}) before it listened`);
    this.port = listening.port;
  }

  /** @throws Error when it is refused */
  async list(times: LotTimes): Promise<void> {
    const listed = this.#server?.next();
    this.#server?.send(JSON.stringify(times));
    const outcome = await listed;
    if (outcome !== "accepted") throw new Error(`The lot may not be listed: ${JSON.stringify(outcome)}`);
  }

  async killAndStart(): Promise<void> {
    const killedAt = performance.now();
    await this.kill();
    await this.start();
    this.longestAwayMs = Math.max(this.longestAwayMs, performance.now() - killedAt);
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
