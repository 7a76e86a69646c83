import { factsOf } from "./column.ts";
import type { Pace } from "./pace.ts";
import { type Sample, toFrame } from "./sample.ts";
import { type Column, type Dashboard, emptyDashboard, evolveDashboard, lengthOf, pointAt } from "./state.ts";
import { beginAt, isAhead } from "./turn-back.ts";
import { type StoredBlock, toEntries } from "./window.ts";

/** The window of one pace with all that is measured, whoever may see it, and which of it is not kept yet. */
export class WindowKeeper {
  readonly pace: Pace;
  #window: Dashboard;
  #keptTo = 0;
  #isTurnedBack = false;

  /** `blocks`: what is known from before, oldest first. */
  constructor(pace: Pace, blocks: readonly StoredBlock[]) {
    this.pace = pace;
    this.#window = openWindow(pace, blocks);
    this.#keptTo = this.#window.tick;
  }

  get tick(): number {
    return this.#window.tick;
  }

  add(sample: Sample): void {
    if (sample.tick > this.#window.tick) this.#window = evolveDashboard(this.#window, toFrame(this.#window, sample, Infinity));
    else if (isAhead(this.#window.tick, sample.tick)) {
      this.#window = beginAt(this.#window, sample, Infinity).reduce<Dashboard>(evolveDashboard, this.#window);
      this.#keptTo = 0;
      this.#isTurnedBack = true;
    }
  }

  /** All that it holds, in one block; `undefined` where that is nothing. */
  get whole(): StoredBlock | undefined {
    return this.#blockOf(lengthOf(this.#window));
  }

  /** What is not kept yet; `undefined` where that is nothing. */
  get rest(): StoredBlock | undefined {
    return this.#blockOf(Math.min(lengthOf(this.#window), this.#window.tick - this.#keptTo));
  }

  /** The clock has gone back: what is kept of later steps than the window's is of a time that is still to come. */
  get isTurnedBack(): boolean {
    return this.#isTurnedBack;
  }

  /** All up to a step is kept. */
  noteKept(tick: number): void {
    // The clock has gone back meanwhile.
    if (tick > this.#window.tick) return;
    this.#keptTo = tick;
    this.#isTurnedBack = false;
  }

  #blockOf(steps: number): StoredBlock | undefined {
    if (steps <= 0) return undefined;
    const columns = this.#window.columns.map((column) => ({ ...factsOf(column), points: lastPoints(column, steps) }));
    return { tick: this.#window.tick, columns: columns.filter(({ points }) => points.some((point) => point !== null)) };
  }
}

function openWindow({ seconds, steps }: Pace, blocks: readonly StoredBlock[]): Dashboard {
  const opened = evolveDashboard(emptyDashboard, { opened: { stepMs: seconds * 1_000, steps } });
  return toEntries(opened, blocks).reduce<Dashboard>(evolveDashboard, opened);
}

function lastPoints(column: Column, steps: number): StoredBlock["columns"][number]["points"] {
  const size = column.values.length;
  return Array.from({ length: Math.min(steps, size) }, (_, at) => pointAt(column, size - Math.min(steps, size) + at));
}
