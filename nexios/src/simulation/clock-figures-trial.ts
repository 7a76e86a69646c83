import { defaultClientLimits } from "../client/limits.ts";
import { createPingPlan, type PingPlan, watchClocks } from "../client/clock-watch.ts";
import { createServerClock, type ServerClock } from "../client/server-clock.ts";
import { ClockMachine } from "./clock-figures-machine.ts";
import type { ClockNetwork } from "./clock-figures-networks.ts";
import { createRandom, type Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";

/** What a client's clock has to get over. */
export type ClockIncidentKind = "start" | "sleep" | "step";

/** One of them, with the times, in ms after it, from which the shown time was within its bound for good, and within 50 ms of the truth for good. */
export interface ClockIncident {
  readonly kind: ClockIncidentKind;
  readonly at: number;
  boundedMs: number;
  exactMs: number;
  /** Until the watch noticed it. */
  noticedMs: number;
}

/** What is tried: the same trial always comes out the same. */
export interface ClockTrialOptions {
  readonly network: ClockNetwork;
  readonly seed: number;
  readonly hours: number;
}

/** The server's clock is right, and this is its first time. */
const startAt = Date.UTC(2030, 0, 1);
const wallAheadMs = 4_321;
const sampleMs = 100;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const sleepMs = 300_000;
const stepMs = 37_000;
const exactMs = 50;

/** A client's clock on a network over many hours, with one sleep of 5 minutes and one step of the wall clock by 37 s in each. */
export class ClockTrial {
  /** How far the shown time was off in each sample from a minute after an incident, and what bound was shown with it. */
  readonly errors: number[] = [];
  readonly bounds: number[] = [];
  readonly incidents: ClockIncident[] = [];
  /** Samples in which the shown time was further off than its bound, but for those after waking that nothing had told of the sleep. */
  outOfBound = 0;
  samples = 0;
  readonly #options: ClockTrialOptions;
  readonly #scheduler = new Scheduler();
  readonly #machine: ClockMachine;
  readonly #serverClock: ServerClock;
  readonly #plan: PingPlan;
  readonly #delays: Random;
  readonly #chance: Random;
  #lastUp = 0;
  #lastDown = 0;
  #isUnnoticed = false;

  constructor(options: ClockTrialOptions) {
    const random = createRandom(options.seed).fork(options.network.name);
    this.#options = options;
    this.#delays = random.fork("delays");
    this.#chance = random.fork("incidents");
    this.#machine = new ClockMachine(this.#scheduler, random.fork("skew"), startAt + wallAheadMs);
    this.#serverClock = createServerClock(this.#machine);
    this.#plan = createPingPlan(this.#machine, defaultClientLimits.pingMs, () => this.#ping());
  }

  /** Once. */
  async run(): Promise<void> {
    watchClocks(this.#machine, () => this.#jumped());
    this.#begin("start");
    this.#plan.start();
    this.#planHour();
    this.#sample();
    await this.#scheduler.run(this.#options.hours * hourMs);
  }

  /** There and back, each way in order. */
  #ping(): void {
    const { network } = this.#options;
    const sentAt = this.#machine.monotonic();
    this.#lastUp = Math.max(this.#lastUp, this.#now + network.up(this.#delays, this.#now));
    this.#scheduler.at(this.#lastUp, () => {
      const serverNow = Math.floor(startAt + this.#now);
      this.#lastDown = Math.max(this.#lastDown, this.#now + network.down(this.#delays, this.#now));
      this.#machine.receiveAt(this.#lastDown, () => this.#serverClock.take(sentAt, this.#machine.monotonic(), serverNow));
    });
  }

  #jumped(): void {
    const incident = this.incidents.at(-1);
    if (incident !== undefined && this.#isUnnoticed) incident.noticedMs = this.#now - incident.at;
    this.#isUnnoticed = false;
    this.#serverClock.forget();
    this.#plan.start();
  }

  #begin(kind: ClockIncidentKind): void {
    this.#isUnnoticed = kind !== "start";
    this.incidents.push({ kind, at: this.#now, boundedMs: 0, exactMs: 0, noticedMs: kind === "start" ? 0 : Infinity });
  }

  #planHour(): void {
    this.#scheduler.after(hourMs, () => this.#planHour());
    this.#scheduler.after(this.#chance.between(5 * minuteMs, 20 * minuteMs), () => {
      this.#machine.sleep(sleepMs);
      this.#scheduler.after(sleepMs, () => this.#begin("sleep"));
    });
    this.#scheduler.after(this.#chance.between(30 * minuteMs, 55 * minuteMs), () => {
      this.#begin("step");
      this.#machine.step(this.#chance.chance(0.5) ? stepMs : -stepMs);
    });
  }

  #sample(): void {
    this.#scheduler.after(sampleMs, () => this.#sample());
    const incident = this.incidents.at(-1);
    if (this.#machine.isAsleep || incident === undefined) return;
    const error = Math.abs(this.#serverClock.now() - startAt - this.#now);
    const bound = this.#serverClock.bound();
    const passed = this.#now - incident.at;
    this.samples++;
    if (error > bound && !(this.#isUnnoticed && incident.kind === "sleep")) this.outOfBound++;
    if (passed >= minuteMs) {
      this.errors.push(error);
      this.bounds.push(bound);
      return;
    }
    // Right from the next sample on, at best.
    if (error > bound || bound === Infinity) incident.boundedMs = passed + sampleMs;
    if (error > exactMs || bound === Infinity) incident.exactMs = passed + sampleMs;
  }

  get #now(): number {
    return this.#scheduler.now;
  }
}
