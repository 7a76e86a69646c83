import type { Broker } from "../broker/broker.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { decodeProcess, encodeProcess } from "./presence-message.ts";

/** What a process needs to know of the others, and tells of them. */
export interface ProcessesOptions {
  /** New with each start of a process. */
  readonly processId: string;
  readonly broker: Broker;
  readonly clock: Clock;
  /** A process is heard for the first time, or again after it was taken for gone. */
  readonly onNew: (processId: string) => void;
  /** A process has said that it stops, or has not been heard for 5 s. */
  readonly onGone: (processId: string, how: ProcessEnd) => void;
}

/** How a process was found to be gone: it said so, as one does that has sent its members elsewhere; or it was not heard. */
export type ProcessEnd = "stopped" | "silent";

const topic = "nexios/processes";
const tickMs = 500;
const ticksPerBeat = 2;
const silentMs = 5_000;
/** Who is heard for the first time hears this process so soon, and not with the next beat; those that come together, by one. */
const greetMs = 20;
/** What a time between two ticks counts at most: what is longer is a time in which this process itself stood still. */
const longestTickMs = 1_000;
const mostProcesses = 10_000;

/**
 * Which other processes are alive: each beats once a second, and one that is not heard for 5 s is gone. Only time in which this process itself ran counts, so that
 * nobody vanishes because this one's loop was blocked or its machine slept.
 */
export class Processes {
  readonly #options: ProcessesOptions;
  /** When each was last heard, by the time that this process has run. */
  readonly #heardAt = new Map<string, number>();
  #ranMs = 0;
  #tickedAt = 0;
  #ticks = 0;
  #isStopped = false;
  #isDeaf = false;
  #cancel: Cancel | undefined;
  #greeting: Cancel | undefined;

  constructor(options: ProcessesOptions) {
    this.#options = options;
  }

  /** The other processes that are heard. */
  get alive(): ReadonlySet<string> {
    return new Set(this.#heardAt.keys());
  }

  /** Begins to beat, and to hear others. Resolves when they can be heard. */
  async start(): Promise<void> {
    const { broker, clock } = this.#options;
    this.#tickedAt = clock.monotonic();
    await broker.subscribe(topic, (message) => this.#take(message));
    if (this.#isStopped) return broker.unsubscribe(topic);
    this.#tell("beat");
    this.#cancel = repeat(clock, tickMs, () => this.#tick());
  }

  /** A sign of life that came by another way, such as a room's message: it counts as a beat. */
  hear(processId: string): void {
    if (this.#isStopped || processId === this.#options.processId) return;
    const isNew = !this.#heardAt.has(processId);
    if (isNew && this.#heardAt.size >= mostProcesses) return;
    this.#heardAt.set(processId, this.#ranMs + this.#sinceTick());
    if (!isNew) return;
    this.#options.onNew(processId);
    this.#greeting ??= this.#options.clock.after(greetMs, () => {
      this.#greeting = undefined;
      this.#tell("beat");
    });
  }

  /** Whether others can be heard at all: while they can't, nobody is taken for gone, and afterwards each has its whole time again. */
  setDeaf(isDeaf: boolean): void {
    this.#isDeaf = isDeaf;
    for (const processId of this.#heardAt.keys()) this.#heardAt.set(processId, this.#ranMs + this.#sinceTick());
  }

  /** Tells the others, so that they need not wait. A second call does nothing. */
  stop(): Promise<void> {
    if (!this.#isStopped) {
      this.#isStopped = true;
      this.#cancel?.();
      this.#greeting?.();
      this.#options.broker.unsubscribe(topic);
      this.#tell("gone");
    }
    return Promise.resolve();
  }

  #take(bytes: Uint8Array): void {
    const message = decodeProcess(bytes);
    if (message?.kind === "beat") this.hear(message.process);
    else if (message?.kind === "gone") this.#bury(message.process, "stopped");
  }

  #tick(): void {
    this.#ranMs += this.#sinceTick();
    this.#tickedAt = this.#options.clock.monotonic();
    this.#ticks++;
    if (this.#ticks % ticksPerBeat === 0) this.#tell("beat");
    if (this.#isDeaf) return;
    for (const [processId, heardAt] of this.#heardAt) if (this.#ranMs - heardAt >= silentMs) this.#bury(processId, "silent");
  }

  #sinceTick(): number {
    return Math.min(this.#options.clock.monotonic() - this.#tickedAt, longestTickMs);
  }

  #bury(processId: string, how: ProcessEnd): void {
    if (!this.#isStopped && this.#heardAt.delete(processId)) this.#options.onGone(processId, how);
  }

  #tell(kind: "beat" | "gone"): void {
    this.#options.broker.publish(topic, encodeProcess({ kind, process: this.#options.processId }));
  }
}
