import type { Broker } from "../broker/broker.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { checkReading } from "./check-reading.ts";
import { type OtherProcess, OtherReadings } from "./other-readings.ts";
import type { MetricsReading } from "./reading.ts";

export interface MetricsExchangeOptions {
  /** New with each start of a process: what it counts begins at 0. */
  readonly processId: string;
  /** What this process has counted. */
  readonly read: () => MetricsReading;
  readonly broker: Broker;
  readonly clock: Clock;
  /** Each process tells of itself so often: each second unless given, the same everywhere. */
  readonly everyMs?: number;
  /** Other processes whose readings are kept: 64 unless given. */
  readonly mostProcesses?: number;
}

const topic = "nexios/metrics";
/** What a message may hold at most, sent or taken. */
const largestBytes = 4 * 1_048_576;
const longestId = 64;
const staleAfterSteps = 3;

/**
 * What the processes behind a broker count, as one. Each publishes all that it has counted, once a step: a message that is lost is made good by the next. Only steps that
 * this process itself makes count as silence of another, so that nobody seems silent because this one stood still.
 */
export class MetricsExchange {
  readonly #options: MetricsExchangeOptions;
  readonly #others: OtherReadings;
  #number = 0;
  #isTooLarge = false;
  #isStopped = false;
  #cancel: Cancel | undefined;

  /** @throws TypeError for a time or a number that is none */
  constructor(options: MetricsExchangeOptions) {
    const { everyMs = 1_000, mostProcesses = 64 } = options;
    if (!(everyMs > 0 && everyMs < Infinity)) throw new TypeError(`everyMs is a number of milliseconds above 0, not ${everyMs}`);
    if (!Number.isInteger(mostProcesses) || mostProcesses < 1) throw new TypeError(`mostProcesses is a whole number above 0, not ${mostProcesses}`);
    this.#options = options;
    this.#others = new OtherReadings({ most: mostProcesses, staleAfter: staleAfterSteps });
  }

  /** Begins to tell and to hear. Resolves when others can be heard. */
  async start(): Promise<void> {
    const { broker, clock, everyMs = 1_000 } = this.#options;
    await broker.subscribe(topic, (message) => this.#take(message));
    if (this.#isStopped) return broker.unsubscribe(topic);
    this.#cancel = repeat(clock, everyMs, () => this.#tell(false));
  }

  /** Tells the others that this process ends, so that they need not wait. A second call does nothing. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancel?.();
    this.#options.broker.unsubscribe(topic);
    this.#tell(true);
  }

  /** What all processes count together, and what those are that are heard. */
  merged(): MetricsReading {
    return this.#others.merged(this.#options.read(), this.#number);
  }

  /** The other processes that have been heard. */
  processes(): readonly OtherProcess[] {
    return this.#others.processes(this.#number);
  }

  /**
   * Whether this process is the first by its id of all that are heard: what one of them does for all is done by that one. Just after a start it is not yet: the others are
   * to be heard first. Those that can't hear each other are each the first, and for a moment two may be: what must not be done twice is decided by a room.
   */
  isFirst(): boolean {
    const isSettled = this.#number >= staleAfterSteps && !this.#isStopped;
    return isSettled && this.processes().every(({ processId, isStale }) => isStale || this.#options.processId < processId);
  }

  #tell(isLast: boolean): void {
    const { processId, read, broker } = this.#options;
    const message = new TextEncoder().encode(JSON.stringify({ processId, number: ++this.#number, isLast, reading: read() }));
    const isTooLarge = message.length > largestBytes;
    if (isTooLarge && !this.#isTooLarge)
      report("error", { where: "metrics", error: new RangeError(`A reading of ${message.length} bytes is too large for other processes`) });
    this.#isTooLarge = isTooLarge;
    if (!isTooLarge) broker.publish(topic, message);
  }

  #take(message: Uint8Array): void {
    const told = message.length > largestBytes ? undefined : toMessage(message);
    if (told === undefined || told.processId === this.#options.processId) return;
    this.#others.take(told.processId, told.number, told.reading, this.#number);
    if (told.isLast) this.#others.leave(told.processId);
  }
}

interface Message {
  readonly processId: string;
  readonly number: number;
  readonly isLast: boolean;
  readonly reading: MetricsReading;
}

/** `undefined` for what no process of this version sends. */
function toMessage(bytes: Uint8Array): Message | undefined {
  let value: Partial<Record<keyof Message, unknown>> | null;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes)) as typeof value;
  } catch {
    // No JSON: nothing that can be used.
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { processId, number, isLast } = value;
  const reading = checkReading(value.reading);
  if (typeof processId !== "string" || processId === "" || processId.length > longestId) return undefined;
  if (!Number.isSafeInteger(number) || typeof isLast !== "boolean" || reading === undefined) return undefined;
  return { processId, number: number as number, isLast, reading };
}
