// Hot: `npm run bench -- metrics`.
import { report } from "../world/report.ts";
import { toFinite } from "./finite.ts";
import type { FamilyReading, GaugeMerge, Labels } from "./reading.ts";
import { SeriesSet, type SeriesServices } from "./series-set.ts";

/** A number that goes up and down. */
export interface GaugeSeries {
  /** NaN takes the series out of what is read, until there is a number again. */
  set(value: number): void;
  /** From 0 when nothing was set. */
  add(amount: number): void;
}

class Level implements GaugeSeries {
  value = NaN;

  set(value: number): void {
    this.value = value;
  }

  add(amount: number): void {
    this.value = (Number.isNaN(this.value) ? 0 : this.value) + amount;
  }
}

const merges: Readonly<Record<GaugeMerge, (a: number, b: number) => number>> = { sum: (a, b) => toFinite(a + b), max: Math.max, min: Math.min };

/** Two values of a gauge as one. */
export function mergeGauges(merge: GaugeMerge, a: number, b: number): number {
  return merges[merge](a, b);
}

/** Shows how much of something there is. Itself it is the series without labels. */
export class Gauge implements GaugeSeries {
  readonly kind = "gauge";
  readonly merge: GaugeMerge;
  readonly #name: string;
  readonly #set: SeriesSet<Level>;
  readonly #own: Level;
  readonly #reads: (() => number)[] = [];

  constructor(name: string, merge: GaugeMerge, services: SeriesServices) {
    this.merge = merge;
    this.#name = name;
    this.#set = new SeriesSet(services, () => new Level());
    this.#own = this.#set.own;
  }

  /** The series of these labels, to be kept and set. @throws TypeError for what are no labels */
  with(labels: Labels): GaugeSeries {
    return this.#set.with(labels);
  }

  set(value: number): void {
    this.#own.set(value);
  }

  add(amount: number): void {
    this.#own.add(amount);
  }

  /** What gives the value of the series without labels whenever it is read. Several become one as `merge` says. @internal */
  addRead(read: () => number): void {
    this.#reads.push(read);
  }

  /** @internal */
  *read(): Generator<Extract<FamilyReading, { kind: "gauge" }>["series"][number], void> {
    const own = this.#reads.reduce((value, read) => this.#join(value, this.#ask(read)), this.#own.value);
    if (Number.isFinite(own)) yield { labels: {}, value: own };
    for (const { labels, series } of this.#set.entries()) if (Number.isFinite(series.value)) yield { labels, value: series.value };
  }

  #join(a: number, b: number): number {
    if (!Number.isFinite(a)) return b;
    return Number.isFinite(b) ? mergeGauges(this.merge, a, b) : a;
  }

  #ask(read: () => number): number {
    try {
      return read();
    } catch (error) {
      report("error", { where: `gauge ${this.#name}`, error });
      return NaN;
    }
  }
}
