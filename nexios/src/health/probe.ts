import type { Cancel, Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { ProbeOptions } from "./probe-options.ts";
import { type Beat, type HealthStatus, isUsable, newProbeState, type ProbeState, stepProbe } from "./state.ts";

/** Asks something whether it works: what it throws, or rejects with, is a failure, anything else is not. The signal is aborted when nobody waits for the answer any more. */
export type Check = (signal: AbortSignal) => unknown;

/** What is known of a probe, as plain data. */
export interface ProbeReport {
  readonly name: string;
  readonly needed: boolean;
  readonly status: HealthStatus;
  /** Since when, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** Of the last check. */
  readonly latencyMs?: number;
  /** The last failure, also when it has passed since. */
  readonly lastError?: { readonly atMs: number; readonly message: string };
  /** How long a check has been under way that was given up and has not ended: no other begins meanwhile. */
  readonly hangingMs?: number;
  /** The last 60 checks, oldest first. */
  readonly beats: readonly Beat[];
}

/** What a probe needs beside its check. */
export interface ProbeServices {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Hears of each check that has ended or was given up. */
  readonly onBeat?: (probe: Probe) => void;
}

/** One check after the other. */
interface Run {
  readonly startedAt: number;
  readonly controller: AbortController;
  isLate: boolean;
}

/** At most this part of the time between two checks is taken off by chance. */
const jitter = 0.1;
/** A timeout that comes so much too late tells of this process, which stood still, and not of what was asked. */
const standstillMs = 500;
/** A longer message of an error is cut. */
const longestMessage = 500;

/** Asks again and again, at most one check at a time, and remembers what came of it. */
export class Probe {
  readonly name: string;
  readonly needed: boolean;
  readonly #check: Check;
  readonly #options: Required<ProbeOptions>;
  readonly #services: ProbeServices;
  #state: ProbeState;
  #run: Run | undefined;
  #cancelNext: Cancel | undefined;
  #cancelTimeout: Cancel | undefined;
  #isStopped = false;

  /** `isProven`: what it asks has just been seen to work. */
  constructor(name: string, check: Check, options: Required<ProbeOptions>, services: ProbeServices, isProven = false) {
    this.name = name;
    this.needed = options.needed;
    this.#check = check;
    this.#options = options;
    this.#services = services;
    this.#state = newProbeState(services.clock.now(), isProven);
  }

  get status(): HealthStatus {
    return this.#state.status;
  }

  /** Of the last check. */
  get latencyMs(): number | undefined {
    return this.#state.beats.at(-1)?.latencyMs;
  }

  /** False while it fails, and before it has ever passed. */
  get isUsable(): boolean {
    return isUsable(this.#state);
  }

  /** Begins with a check. */
  start(): void {
    if (this.#cancelNext === undefined && !this.#isStopped) this.#tick();
  }

  /** Ends it: a check under way is told by its signal, and its answer is not taken. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelNext?.();
    this.#cancelTimeout?.();
    this.#run?.controller.abort(new Error("The app stops"));
  }

  report(): ProbeReport {
    const { status, sinceMs, lastError, beats } = this.#state;
    const { latencyMs } = this;
    return {
      name: this.name,
      needed: this.needed,
      status,
      sinceMs,
      ...(latencyMs !== undefined && { latencyMs }),
      ...(lastError !== undefined && { lastError }),
      ...(this.#run?.isLate === true && { hangingMs: this.#passedSince(this.#run) }),
      beats,
    };
  }

  #tick(): void {
    const { clock, random } = this.#services;
    this.#cancelNext = clock.after(this.#options.everyMs * (1 - jitter * random()), () => this.#tick());
    if (this.#run === undefined) void this.#ask();
    else if (this.#run.isLate) this.#fail(this.#run, `has not answered for ${Math.round(this.#passedSince(this.#run))} ms`);
  }

  async #ask(): Promise<void> {
    const run: Run = { startedAt: this.#services.clock.monotonic(), controller: new AbortController(), isLate: false };
    this.#run = run;
    this.#limit(run);
    let failure: { readonly error: unknown } | undefined;
    try {
      await this.#check(run.controller.signal);
    } catch (error) {
      failure = { error };
    }
    this.#run = undefined;
    // It has been counted as a failure, and a late answer takes nothing of that back.
    if (run.isLate || this.#isStopped) return;
    this.#cancelTimeout?.();
    if (failure === undefined) this.#note({ ok: true, latencyMs: this.#passedSince(run) });
    else this.#fail(run, toMessage(failure.error));
  }

  #limit(run: Run): void {
    const { clock } = this.#services;
    const { timeoutMs } = this.#options;
    const dueAt = clock.monotonic() + timeoutMs;
    // The answer may have come meanwhile, and wait to be read.
    this.#cancelTimeout = clock.after(timeoutMs, () => (clock.monotonic() - dueAt > standstillMs ? this.#limit(run) : this.#giveUp(run)));
  }

  #giveUp(run: Run): void {
    run.isLate = true;
    const message = `has not answered within ${this.#options.timeoutMs} ms`;
    this.#fail(run, message);
    run.controller.abort(new DOMException(`The check ${message}`, "TimeoutError"));
  }

  #fail(run: Run, error: string): void {
    this.#note({ ok: false, latencyMs: this.#passedSince(run), error });
  }

  #note(outcome: Omit<Beat, "atMs">): void {
    const before = this.#state.status;
    this.#state = stepProbe(this.#state, { atMs: this.#services.clock.now(), ...outcome }, this.#options);
    this.#services.onBeat?.(this);
    const { status } = this.#state;
    // A single failure is no news, and the first passed check is none.
    if (status !== before && (status === "fail" || before === "fail"))
      report("health", { probe: this.name, status, ...(outcome.error !== undefined && { error: outcome.error }) });
  }

  #passedSince({ startedAt }: Run): number {
    return this.#services.clock.monotonic() - startedAt;
  }
}

function toMessage(error: unknown): string {
  const message = toText(error);
  return message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
}

function toText(error: unknown): string {
  try {
    return error instanceof Error ? error.message || error.name : String(error);
  } catch {
    // Some objects can not be written as a text, and a probe must not end by that.
    return "has failed without a message";
  }
}
