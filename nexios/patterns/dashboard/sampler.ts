import { keyOf } from "./column.ts";
import { type Measured, PaceMeter } from "./meter.ts";
import type { Pace } from "./pace.ts";
import type { Sample } from "./sample.ts";

/** Whether a dashboard shows a series. */
export type Select = (metric: string, labels: Readonly<Record<string, string>>) => boolean;

/** What one step brings: a sample for each pace whose time has come. */
export interface Sampled {
  readonly pace: Pace;
  readonly sample: Sample;
}

/** One computation for all who look: reads once a step, and makes one sample for each pace that is due. No clock: who calls it says which step it is. */
export class Sampler {
  readonly #meters: readonly { readonly pace: Pace; readonly meter: PaceMeter }[];
  readonly #stepMs: number;
  #tick = 0;
  /** Samples that were made. */
  #computed = 0;

  constructor(paces: readonly Pace[]) {
    this.#meters = paces.map((pace) => ({ pace, meter: new PaceMeter(pace) }));
    this.#stepMs = (paces[0]?.seconds ?? 1) * 1_000;
  }

  get computed(): number {
    return this.#computed;
  }

  /** The end of the next step after a time. */
  nextAt(now: number): number {
    return (Math.floor(now / this.#stepMs) + 1) * this.#stepMs;
  }

  /** What is to be shown at a time; nothing when that step has been measured. */
  step(now: number, read: () => Measured): readonly Sampled[] {
    const tick = Math.floor(now / this.#stepMs);
    if (tick === this.#tick) return [];
    const before = this.#tick;
    this.#tick = tick;
    const measured = read();
    const sampled: Sampled[] = [];
    for (const { pace, meter } of this.#meters) {
      meter.observe(measured);
      const stepMs = pace.seconds * 1_000;
      const due = Math.floor(now / stepMs);
      // A step that was slept through is measured when it can be.
      if (before > 0 && due === Math.floor((before * this.#stepMs) / stepMs)) continue;
      this.#computed++;
      sampled.push({ pace, sample: meter.sample(due, measured.reading) });
    }
    return sampled;
  }
}

/** A sample of those series alone that a dashboard shows. */
export function selectFrom(sample: Sample, select: Select | undefined, known: Map<string, boolean>): Sample {
  if (select === undefined) return sample;
  const isShown = (facts: { readonly metric: string; readonly labels: Readonly<Record<string, string>> }): boolean => {
    const key = keyOf({ ...facts, stat: "value" });
    const shown = known.get(key) ?? select(facts.metric, facts.labels);
    known.set(key, shown);
    return shown;
  };
  const tops = Object.entries(sample.tops).filter(([metric]) => isShown({ metric, labels: {} }));
  return { ...sample, columns: sample.columns.filter(isShown), tops: Object.fromEntries(tops) };
}
