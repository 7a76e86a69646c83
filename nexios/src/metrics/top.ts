import { Heaviest } from "./heaviest.ts";
import type { FamilyReading, Labels, TopReading } from "./reading.ts";
import { SeriesSet, type SeriesServices } from "./series-set.ts";

/** Which keys there were most of. */
export interface TopSeries {
  /** A key is cut at 256 characters; the amount is 1 unless given. @throws TypeError for what is not above 0 */
  add(key: string, amount?: number): void;
}

/** How many keys a top shows, and keeps. */
export interface TopSize {
  /** Keys that are shown. */
  readonly size: number;
  /** Keys whose counts are kept. */
  readonly capacity: number;
}

const longestKey = 256;
/** So many times its size does a reading hold: what is heavy in all processes together may be less so in each. */
const spare = 10;
export const mostKeys = 1_000;

class Keys implements TopSeries {
  readonly #heaviest: Heaviest;
  readonly #listed: number;

  constructor({ size, capacity }: TopSize) {
    this.#heaviest = new Heaviest(capacity);
    this.#listed = Math.min(mostKeys, size * spare);
  }

  add(key: string, amount = 1): void {
    if (!(typeof amount === "number" && amount > 0 && amount < Infinity)) throw new TypeError(`A key's count grows by a number above 0, not by ${amount}`);
    this.#heaviest.add((key.length > longestKey ? key.slice(0, longestKey) : key).toWellFormed(), amount);
  }

  get isEmpty(): boolean {
    return this.#heaviest.isEmpty;
  }

  read(): TopReading {
    return this.#heaviest.read(this.#listed);
  }
}

/** Shows the heaviest keys, such as the pages with most visits. Itself it is the series without labels. */
export class Top implements TopSeries {
  readonly kind = "top";
  readonly size: number;
  readonly #set: SeriesSet<Keys>;

  constructor(size: TopSize, services: SeriesServices) {
    this.size = size.size;
    this.#set = new SeriesSet(services, () => new Keys(size));
  }

  /** The series of these labels, to be kept and added to. @throws TypeError for what are no labels */
  with(labels: Labels): TopSeries {
    return this.#set.with(labels);
  }

  add(key: string, amount = 1): void {
    this.#set.own.add(key, amount);
  }

  /** @internal */
  *read(): Generator<Extract<FamilyReading, { kind: "top" }>["series"][number], void> {
    if (!this.#set.own.isEmpty || this.#set.isPlain) yield { labels: {}, value: this.#set.own.read() };
    for (const { labels, series } of this.#set.entries()) yield { labels, value: series.read() };
  }
}
