import type { ClientConnection, ClientWorld, ConnectionEvents } from "nexios/client";
import type { Connect } from "./open-web-socket.ts";
import { DelayedEvents } from "./delayed-events.ts";

/** How a browser's lines are broken now. */
export interface Faults {
  /** Until when no line holds, by the world's monotonic clock; `undefined`: lines hold. */
  readonly cutUntil: number | undefined;
  /** What comes in comes so much later. */
  readonly delayMs: number;
  /** The next message that matters will be lost. */
  readonly losesNext: boolean;
}

const lost = 1006;
const whole: Faults = { cutUntil: undefined, delayMs: 0, losesNext: false };

/** The lines of this browser, which can be broken by hand: cut for a while, slow, or with one message lost. */
export class BreakableNetwork {
  readonly #clock: ClientWorld["clock"];
  readonly #matters: (message: string | Uint8Array) => boolean;
  readonly #lines = new Set<() => void>();
  readonly #listeners = new Set<() => void>();
  #faults = whole;

  /** @param matters Which messages may be lost: one that nobody would miss shows nothing */
  constructor(clock: ClientWorld["clock"], matters: (message: string | Uint8Array) => boolean) {
    this.#clock = clock;
    this.#matters = matters;
  }

  /** The same object until a fault begins or ends. */
  get faults(): Faults {
    return this.#faults;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all lines, and lets none be opened for so long. */
  cut(ms: number): void {
    const cutUntil = this.#clock.monotonic() + ms;
    this.#set({ cutUntil });
    for (const drop of this.#lines) drop();
    this.#clock.after(ms, () => {
      if (this.#faults.cutUntil === cutUntil) this.#set({ cutUntil: undefined });
    });
  }

  /** From now on what comes in comes so much later, in its order; 0: at once again. */
  slow(delayMs: number): void {
    this.#set({ delayMs });
  }

  /** The next message that matters does not arrive; `false`: it does. */
  loseNext(losesNext = true): void {
    this.#set({ losesNext });
  }

  /** The same way to connect, over this network. */
  over(connect: Connect): Connect {
    return (url, subprotocols, events) => {
      if (this.#faults.cutUntil === undefined) return this.#connect(connect, url, subprotocols, events);
      let isClosed = false;
      this.#clock.after(0, () => isClosed || events.onClose(lost, ""));
      return { send: () => {}, close: () => (isClosed = true) };
    };
  }

  #connect(connect: Connect, url: string, subprotocols: string | string[], events: ConnectionEvents): ClientConnection {
    const delayed = new DelayedEvents(this.#clock, () => this.#faults.delayMs);
    const end = (): void => {
      this.#lines.delete(drop);
      delayed.close();
    };
    const connection = connect(url, subprotocols, {
      onOpen: () => delayed.add(() => events.onOpen()),
      onMessage: (message) => this.#isLost(message) || delayed.add(() => events.onMessage(message)),
      onClose: (code, reason) =>
        delayed.add(() => {
          end();
          events.onClose(code, reason);
        }),
    });
    const drop = (): void => {
      end();
      connection.close();
      events.onClose(lost, "");
    };
    this.#lines.add(drop);
    return {
      send: (message) => connection.send(message),
      close: () => {
        end();
        connection.close();
      },
    };
  }

  #isLost(message: string | Uint8Array): boolean {
    if (!this.#faults.losesNext || !this.#matters(message)) return false;
    this.#set({ losesNext: false });
    return true;
  }

  #set(change: Partial<Faults>): void {
    this.#faults = { ...this.#faults, ...change };
    for (const listener of this.#listeners) listener();
  }
}
