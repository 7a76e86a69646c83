import type { Socket } from "node:net";
import type { Clock } from "../../nexios/src/world/clock.ts";

/** A slow line passes what takes so long at once. */
const slowStepMs = 100;

/** One connection through a proxy, and what is wrong with it. */
export class ProxyLink {
  /** When both of its ends are gone. */
  readonly ended: Promise<void>;
  readonly #ends: readonly [client: Socket, server: Socket];
  readonly #clock: Clock;
  /** Resolves when the line goes on. */
  #stall: PromiseWithResolvers<void> | undefined;
  #delayMs = 0;
  #bytesPerSecond = Infinity;
  #isHalfOpen = false;
  #isCut = false;

  constructor(client: Socket, server: Socket, clock: Clock) {
    this.#ends = [client, server];
    this.#clock = clock;
    void this.#pump(client, server);
    void this.#pump(server, client);
    this.ended = Promise.all(this.#ends.map((end) => new Promise((resolve) => end.once("close", resolve)))).then(() => this.#go());
  }

  get isHalfOpen(): boolean {
    return this.#isHalfOpen;
  }

  /** Resets both ends, in the middle of whatever was under way. */
  cut(): void {
    this.#isCut = true;
    for (const end of this.#ends) end.resetAndDestroy();
    this.#go();
  }

  /** Nothing passes, either way, until it is healed; then all of it. */
  stall(): void {
    this.#stall ??= Promise.withResolvers();
  }

  /** Each piece waits so long before it passes. */
  delay(byMs: number): void {
    this.#delayMs = byMs;
  }

  /** So many bytes pass in a second, each way. */
  slow(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Nothing passes any more, a close neither: each end must find out for itself that the other is gone. */
  halfOpen(): void {
    this.#isHalfOpen = true;
    this.#go();
  }

  /** As new, unless it is half open. */
  heal(): void {
    this.#delayMs = 0;
    this.#bytesPerSecond = Infinity;
    this.#go();
  }

  async #pump(from: Socket, to: Socket): Promise<void> {
    // The close that follows tells all there is to tell.
    from.on("error", () => undefined);
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) await this.#pass(chunk as Buffer, to);
      if (!this.#isHalfOpen) to.end();
      else from.destroy();
    } catch {
      // A reset goes on as one.
      if (!this.#isHalfOpen) to.resetAndDestroy();
    }
  }

  async #pass(chunk: Buffer, to: Socket): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      const rate = this.#bytesPerSecond / 1_000;
      const piece = rest.subarray(0, Math.max(1, Math.floor(rate * slowStepMs)));
      rest = rest.subarray(piece.length);
      await this.#wait(this.#delayMs + piece.length / rate);
      await this.#stall?.promise;
      if (this.#isHalfOpen || this.#isCut) return;
      if (!to.write(piece)) await taken(to);
    }
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await new Promise<void>((resolve) => void this.#clock.after(ms, resolve));
  }

  #go(): void {
    this.#stall?.resolve();
    this.#stall = undefined;
  }
}

/** When a socket takes more, or nothing ever again. */
function taken(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
    if (socket.destroyed) done();
  });
}
