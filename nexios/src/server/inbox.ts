import { NexiosError } from "../protocol/failure.ts";
import type { Limits } from "./limits.ts";

/** A message as it came: text or bytes. */
export type Received = string | Uint8Array;

interface Waiter {
  resolve(received: Received): void;
  reject(error: NexiosError): void;
}

/** What a peer has sent and no handler has read. Past its bounds the peer is not read from, so that its own network slows it down. */
export class Inbox {
  readonly #limits: Limits;
  readonly #setPaused: (paused: boolean) => void;
  readonly #messages: Received[] = [];
  #bytes = 0;
  #waiters: Waiter[] = [];
  #paused = false;
  #closed: NexiosError | undefined;
  #receiver: ((received: Received) => void) | undefined;

  constructor(limits: Limits, setPaused: (paused: boolean) => void) {
    this.#limits = limits;
    this.#setPaused = setPaused;
  }

  /** True while the peer is not read from. */
  get paused(): boolean {
    return this.#paused;
  }

  /** From now on messages do not wait: `receive` gets what is here, then each in the moment in which it comes. */
  give(receive: (received: Received) => void): void {
    this.#receiver = receive;
    while (this.#messages.length > 0) receive(this.#shift());
  }

  push(received: Received): void {
    if (this.#receiver !== undefined) return this.#receiver(received);
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) return waiter.resolve(received);
    this.#messages.push(received);
    this.#bytes += received.length;
    this.#regulate();
  }

  /**
   * The next message. What came before the end is still given.
   * @throws NexiosError CONNECTION_CLOSED after the last.
   */
  next(): Promise<Received> {
    if (this.#messages.length > 0) return Promise.resolve(this.#shift());
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  close(code: number, reason: string): void {
    this.#closed = new NexiosError("CONNECTION_CLOSED", `The connection has ended (${code}${reason === "" ? "" : ` ${reason}`})`);
    for (const waiter of this.#waiters) waiter.reject(this.#closed);
    this.#waiters = [];
  }

  #shift(): Received {
    // The caller has looked that there is one.
    const received = this.#messages.shift()!;
    this.#bytes -= received.length;
    this.#regulate();
    return received;
  }

  #regulate(): void {
    const count = this.#messages.length;
    const full = count >= this.#limits.unreadMessages || this.#bytes >= this.#limits.unreadBytes;
    if (full && !this.#paused) this.#set(true);
    else if (this.#paused && count <= this.#limits.unreadMessages / 2 && this.#bytes <= this.#limits.unreadBytes / 2) this.#set(false);
  }

  #set(paused: boolean): void {
    this.#paused = paused;
    this.#setPaused(paused);
  }
}
