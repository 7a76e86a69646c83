// Hot: `npm run bench -- metrics`.
import { toFinite } from "./finite.ts";
import type { FamilyReading, Labels } from "./reading.ts";
import { SeriesSet, type SeriesServices } from "./series-set.ts";

/** A number that only grows. */
export interface CounterSeries {
  /** 1 unless given. @throws TypeError for what is below 0 or no number */
  add(amount?: number): void;
}

class Count implements CounterSeries {
  value = 0;

  add(amount = 1): void {
    // So that NaN is refused too; and a text, which would make the count one.
    if (!(typeof amount === "number" && amount >= 0 && amount < Infinity)) throw new TypeError(`A counter grows by a number from 0, not by ${amount}`);
    this.value += amount;
  }
}

/** Counts what happens. Itself it is the series without labels. */
export class Counter implements CounterSeries {
  readonly kind = "counter";
  readonly #set: SeriesSet<Count>;
  readonly #own: Count;

  constructor(services: SeriesServices) {
    this.#set = new SeriesSet(services, () => new Count());
    this.#own = this.#set.own;
  }

  /** The series of these labels, to be kept and added to. @throws TypeError for what are no labels */
  with(labels: Labels): CounterSeries {
    return this.#set.with(labels);
  }

  add(amount = 1): void {
    this.#own.add(amount);
  }

  /** @internal */
  *read(): Generator<Extract<FamilyReading, { kind: "counter" }>["series"][number], void> {
    // A counter that stands at 0 says something; beside others it was never meant.
    if (this.#own.value > 0 || this.#set.isPlain) yield { labels: {}, value: toFinite(this.#own.value) };
    for (const { labels, series } of this.#set.entries()) yield { labels, value: toFinite(series.value) };
  }
}
