import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { toAddressKey } from "./client-address.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Limits } from "./limits.ts";
import { isFull, type RateState, takeOne } from "./rate.ts";

/** Addresses that are remembered at once; an attacker who has more of them is refused. */
const rememberedAddresses = 100_000;
const lookEveryMs = 500;
const retryOverloadMs = 2_000;

/** What the machine says of itself, once a look. */
export interface Load {
  /** p99 since the last look. */
  loopDelayMs(): number;
  /** The used part of the heap's limit, 0 to 1. */
  heapFraction(): number;
  close(): void;
}

/** Load of this process. */
export function measureLoad(): Load {
  const monitor = monitorEventLoopDelay({ resolution: 10 });
  monitor.enable();
  return {
    loopDelayMs() {
      const delayMs = monitor.percentile(99) / 1e6;
      monitor.reset();
      return delayMs;
    },
    heapFraction() {
      const { used_heap_size, heap_size_limit } = getHeapStatistics();
      return used_heap_size / heap_size_limit;
    },
    close() {
      monitor.disable();
    },
  };
}

/** Who may try to open a connection: decided from counts alone, before a token is looked at. */
export class Admission {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #load: Load;
  readonly #open = new Map<string, number>();
  readonly #rates = new Map<string, RateState>();
  #total = 0;
  #busySince: number | undefined;
  #heapFull = false;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, limits: Limits, load: Load) {
    this.#clock = clock;
    this.#limits = limits;
    this.#load = load;
  }

  /** The event loop is late, or the heap nearly full: whatever can be done again later is. */
  isOverloaded(): boolean {
    return this.#heapFull || (this.#busySince !== undefined && this.#clock.monotonic() - this.#busySince >= this.#limits.overloadMs);
  }

  /**
   * Takes a place, to be given back by the returned function.
   * @throws NexiosError OVERLOADED or TOO_MANY_CONNECTIONS, with the time after which to come again.
   */
  admit(address: string): () => void {
    const now = this.#clock.monotonic();
    const { connections, connectionsPerAddress, connectsPerAddress } = this.#limits;
    if (this.isOverloaded()) throw refusal("OVERLOADED", retryOverloadMs);
    if (this.#total >= connections) throw refusal("TOO_MANY_CONNECTIONS", retryOverloadMs);
    const key = toAddressKey(address);
    if ((this.#open.get(key) ?? 0) >= connectionsPerAddress) throw refusal("TOO_MANY_CONNECTIONS", retryOverloadMs, " from this address");
    const waitMs = takeOne(this.#rateOf(key, now), connectsPerAddress, now);
    if (waitMs > 0) throw refusal("TOO_MANY_CONNECTIONS", waitMs, " from this address at once");
    this.#total++;
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
    let held = true;
    return () => {
      if (held) this.#release(key);
      held = false;
    };
  }

  start(): void {
    this.#cancel = repeat(this.#clock, lookEveryMs, () => this.#look());
  }

  stop(): void {
    this.#cancel?.();
    this.#load.close();
  }

  #rateOf(key: string, now: number): RateState {
    const known = this.#rates.get(key);
    if (known !== undefined) return known;
    if (this.#rates.size >= rememberedAddresses) this.#forget(now);
    if (this.#rates.size >= rememberedAddresses) throw refusal("OVERLOADED", retryOverloadMs);
    const rate: RateState = { due: 0 };
    this.#rates.set(key, rate);
    return rate;
  }

  #release(key: string): void {
    this.#total--;
    const left = (this.#open.get(key) ?? 1) - 1;
    if (left === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }

  #look(): void {
    const now = this.#clock.monotonic();
    this.#heapFull = this.#load.heapFraction() > this.#limits.heapFraction;
    if (this.#load.loopDelayMs() <= this.#limits.loopDelayMs) this.#busySince = undefined;
    else this.#busySince ??= now;
    this.#forget(now);
  }

  #forget(now: number): void {
    for (const [key, rate] of this.#rates) if (isFull(rate, now)) this.#rates.delete(key);
  }
}

function refusal(code: "OVERLOADED" | "TOO_MANY_CONNECTIONS", retryAfterMs: number, whence = ""): NexiosError {
  const message = code === "OVERLOADED" ? "The server is too busy for a new connection" : `There are too many connections${whence}`;
  return new NexiosError(code, message, { status: 503, retryAfterMs: Math.ceil(retryAfterMs) });
}
