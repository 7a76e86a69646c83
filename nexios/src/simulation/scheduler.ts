import { nextTick } from "node:process";
import { setImmediate } from "node:timers";
import type { Cancel } from "../world/clock.ts";
import { EventHeap, type TimedEvent } from "./event-heap.ts";

/** So many steps without time passing are a loop that has no end. */
const stepsAtOnce = 100_000;
/** After so many steps the machine's own event loop has its turn, so that whoever watches the run is not starved. */
const breatheEvery = 256;
/** Cancelled events are swept out when they are more than so many, and more than half. */
const sweepFrom = 256;

/**
 * Virtual time. Events fire in the order of their moments, those of one moment in the order of their making. Between two of them every promise job has run, so that a run
 * depends on nothing but what was scheduled; what goes through the machine's own timers, ticks or I/O is outside of that.
 */
export class Scheduler {
  readonly #events = new EventHeap();
  readonly #turns: (() => void)[] = [];
  #now = 0;
  #order = 0;
  #cancelled = 0;
  #steps = 0;
  #stepsHere = 0;
  #isRunning = false;

  /** Milliseconds since the start; may have a fraction. */
  get now(): number {
    return this.#now;
  }

  /** Events and turns that are still to fire. */
  get pending(): number {
    return this.#events.size - this.#cancelled + this.#turns.length;
  }

  /** Events and turns that have fired. */
  get steps(): number {
    return this.#steps;
  }

  /** Fires once, `delayMs` from now; never for Infinity. */
  after(delayMs: number, fire: () => void): Cancel {
    return this.at(this.#now + delayMs, fire);
  }

  /** Fires once at a moment, or as soon as possible when it has passed. */
  at(moment: number, fire: () => void): Cancel {
    if (Number.isNaN(moment)) throw new TypeError("An event needs a moment");
    if (moment === Infinity) return never;
    const event: TimedEvent = { at: Math.max(moment, this.#now), order: this.#order++, fire };
    this.#events.push(event);
    return () => this.#cancel(event);
  }

  /** Fires when the present event's promise jobs have run, before time moves. */
  afterTurn(fire: () => void): void {
    this.#turns.push(fire);
  }

  /**
   * Lets time pass until `done`, which is asked after each step, or until nothing is left, or for `limitMs`; in the last two cases time stands at the limit.
   * Rejects with what an event throws: the rest stays as it is.
   */
  runUntil(done: () => boolean, limitMs: number): Promise<void> {
    if (this.#isRunning) return Promise.reject(new TypeError("The scheduler runs already"));
    this.#isRunning = true;
    const end = this.#now + limitMs;
    return new Promise<void>((resolve, reject) => {
      const step = (): void => {
        try {
          if (!done() && this.#step(end)) return this.#drain(step);
          resolve();
        } catch (error) {
          reject(error);
        }
        this.#isRunning = false;
      };
      // What the caller has begun comes before the first event.
      setImmediate(step);
    });
  }

  /** Lets so much time pass. */
  run(ms: number): Promise<void> {
    return this.runUntil(() => false, ms);
  }

  /** False when nothing is left to fire before `end`. */
  #step(end: number): boolean {
    const fire = this.#turns.shift() ?? this.#next(end);
    if (fire === undefined) {
      if (end !== Infinity) this.#now = end;
      return false;
    }
    this.#steps++;
    if (++this.#stepsHere > stepsAtOnce) throw new Error(`Time stands still at ${this.#now} ms: something goes on for ever without waiting`);
    fire();
    return true;
  }

  #next(end: number): (() => void) | undefined {
    for (let event = this.#events.first; event !== undefined && event.at <= end; event = this.#events.first) {
      this.#events.shift();
      const { fire, at } = event;
      if (fire === undefined) {
        this.#cancelled--;
        continue;
      }
      event.fire = undefined;
      if (at !== this.#now) this.#stepsHere = 0;
      this.#now = at;
      return fire;
    }
    return undefined;
  }

  /** A tick that is asked for in a promise job comes when no promise job is left, at less than half the cost of a turn of the machine's event loop. */
  #drain(step: () => void): void {
    if (this.#steps % breatheEvery === 0) setImmediate(step);
    else queueMicrotask(() => nextTick(step));
  }

  #cancel(event: TimedEvent): void {
    if (event.fire === undefined) return;
    event.fire = undefined;
    this.#cancelled++;
    if (this.#cancelled <= sweepFrom || this.#cancelled * 2 <= this.#events.size) return;
    this.#events.sweep();
    this.#cancelled = 0;
  }
}

function never(): void {}
