import { type Gate, openGate } from "./gate.ts";
import { Pipe } from "./pipe.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** One end of a link: messages arrive in order, and none is lost or doubled while the link lives. */
export interface End {
  /** Never throws, never waits; after the close it does nothing. The message must not be changed afterwards. */
  send(message: Uint8Array): void;
  /** Bytes that this end was given, and that neither the kernels' buffer nor the other side has taken. */
  readonly unsentBytes: number;
  /** Ends in good order: what was sent before arrives, then the other side's `onClose` gets `why`. From now on this end gets nothing but its own `onClose`. */
  close(why?: string): void;
  onMessage: (message: Uint8Array) => void;
  /** `unsentBytes` is 0 again after it was above 1,000. */
  onDrain: () => void;
  /** The last event, once. `why`: as the side that closed has said; `undefined` when the link broke. */
  onClose: (why: string | undefined) => void;
}

/** What a link is made of. */
export interface LinkOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Of the server's end. */
  readonly gate: Gate;
  /** When the client learns that it is connected: nothing arrives there before. */
  readonly opensAt: number;
}

/** So long may the other side take to confirm a close; then the link is cut. */
const closeMs = 5_000;

/** One connection between a client and a process, and what can go wrong with it. */
export class Link {
  readonly client: End;
  readonly server: End;
  readonly #client: LinkEnd;
  readonly #server: LinkEnd;
  readonly #options: LinkOptions;
  #fault: "none" | "half open" | "cut" = "none";
  #isSlow = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    const cut = (): void => void this.cut();
    this.#client = new LinkEnd({ ...options, gate: openGate }, options.opensAt, cut);
    this.#server = new LinkEnd(options, 0, cut);
    this.#client.peer = this.#server;
    this.#server.peer = this.#client;
    this.client = this.#client;
    this.server = this.#server;
  }

  /** Neither end has closed or died, and none knows of a break. */
  get isOpen(): boolean {
    return this.#client.isOpen && this.#server.isOpen;
  }

  /** The most that was ever unsent at the server's end. */
  get peakUnsentBytes(): number {
    return this.#server.pipe.peakUnsentBytes;
  }

  /** What is under way is lost, and both ends learn within 200 ms that it is over. False when it was. */
  cut(): boolean {
    return this.#break("cut", 0, 200);
  }

  /** Nothing arrives any more in either direction, and both ends learn of it from their heartbeats alone, after 15 to 24 s. False when that changes nothing. */
  halfOpen(): boolean {
    return this.#fault === "none" && this.#break("half open", 15_000, 24_000);
  }

  /** From now on the client reads so many bytes a second; 0: nothing. False when the link is not open. */
  slow(bytesPerSecond: number): boolean {
    if (!this.isOpen || this.#fault !== "none") return false;
    this.#isSlow = true;
    this.#server.pipe.setRate(bytesPerSecond / 1_000);
    return true;
  }

  /** The client reads as fast as it can again. False when it does, or the link is not open. */
  fast(): boolean {
    if (!this.#isSlow || !this.isOpen || this.#fault !== "none") return false;
    this.#isSlow = false;
    this.#server.pipe.setRate(Infinity);
    return true;
  }

  /** The process at this end has died: it gets no event any more, and the other end's `onClose` comes within 50 ms. False when it was over. */
  kill(end: End): boolean {
    const [dead, other] = end === this.client ? [this.#client, this.#server] : [this.#server, this.#client];
    if (!dead.die()) return false;
    other.finishAfter(this.#options.random.next() * 50);
    return true;
  }

  #break(fault: "half open" | "cut", fromMs: number, toMs: number): boolean {
    if (this.#fault === "cut" || (this.#client.isOver && this.#server.isOver)) return false;
    this.#fault = fault;
    for (const end of [this.#client, this.#server]) {
      end.pipe.break();
      end.finishAfter(fromMs + this.#options.random.next() * (toMs - fromMs));
    }
    return true;
  }
}

class LinkEnd implements End {
  onMessage: (message: Uint8Array) => void = nothing;
  onDrain: () => void = nothing;
  onClose: (why: string | undefined) => void = nothing;
  /** What this end sends goes through it. */
  readonly pipe: Pipe;
  peer: LinkEnd | undefined;
  readonly #options: LinkOptions;
  /** It does not know of the link before. */
  readonly #existsFrom: number;
  readonly #cut: () => void;
  #state: "open" | "closing" | "closed" | "dead" = "open";

  constructor(options: LinkOptions, existsFrom: number, cut: () => void) {
    this.#options = options;
    this.#existsFrom = existsFrom;
    this.#cut = cut;
    const onDrain = (): void => this.#enter(() => this.onDrain());
    this.pipe = new Pipe({ scheduler: options.scheduler, random: options.random, opensAt: options.opensAt, onDrain });
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get isOver(): boolean {
    return this.#state === "closed" || this.#state === "dead";
  }

  get unsentBytes(): number {
    return this.isOver ? 0 : this.pipe.unsentBytes;
  }

  send(message: Uint8Array): void {
    const { peer } = this;
    if (this.#state === "open") this.pipe.push(message.length, () => peer?.receive(message));
  }

  close(why?: string): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    const { peer } = this;
    this.pipe.push(0, () => peer?.endByPeer(why));
    this.#options.scheduler.after(closeMs, () => {
      if (this.#state === "closing") this.#cut();
    });
  }

  receive(message: Uint8Array): void {
    this.#enter(() => this.onMessage(message));
  }

  /** The other side has closed: this one confirms. */
  endByPeer(why: string | undefined): void {
    this.#finish(why);
    this.peer?.finishAfter(1 + this.#options.random.next() * 39, why);
  }

  finishAfter(ms: number, why?: string): void {
    const { scheduler } = this.#options;
    scheduler.at(Math.max(scheduler.now + ms, this.#existsFrom), () => this.#finish(why));
  }

  #finish(why: string | undefined): void {
    this.#options.gate.enter(() => {
      if (this.isOver) return;
      this.#state = "closed";
      this.pipe.stop();
      this.onClose(why);
    });
  }

  /** False when it was over. */
  die(): boolean {
    if (this.isOver) return false;
    this.#state = "dead";
    this.pipe.stop();
    return true;
  }

  #enter(fire: () => void): void {
    this.#options.gate.enter(() => {
      if (this.#state === "open") fire();
    });
  }
}

function nothing(): void {}
