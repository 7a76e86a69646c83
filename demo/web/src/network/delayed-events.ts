import type { ClientWorld } from "nexios/client";

interface Waiting {
  readonly dueAt: number;
  readonly tell: () => void;
}

/** Hands on what happens to one connection, later, and always in order. */
export class DelayedEvents {
  readonly #clock: ClientWorld["clock"];
  readonly #delayMs: () => number;
  #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(clock: ClientWorld["clock"], delayMs: () => number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** At once where there is no delay and nothing waits. */
  add(tell: () => void): void {
    if (this.#isClosed) return;
    const delayMs = this.#delayMs();
    if (delayMs === 0 && this.#waiting.length === 0) return tell();
    // What comes when the delay is over goes behind what still waits.
    const dueAt = Math.max(this.#clock.monotonic() + delayMs, this.#waiting.at(-1)?.dueAt ?? 0);
    this.#waiting.push({ dueAt, tell });
    if (this.#waiting.length === 1) this.#wait();
  }

  /** What waits is dropped, and nothing more is told. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  #wait(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#clock.after(Math.max(0, next.dueAt - this.#clock.monotonic()), () => {
      if (this.#isClosed) return;
      try {
        next.tell();
      } finally {
        // Not before: what is added while this one is told goes behind it.
        this.#waiting.shift();
        this.#wait();
      }
    });
  }
}
