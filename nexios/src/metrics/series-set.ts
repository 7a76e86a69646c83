import { isTooLong, keyOf, overflowLabels, toLabels } from "./names.ts";
import type { Labels } from "./reading.ts";

/** What the series of a metric need of their registry. */
export interface SeriesServices {
  /** Series of this metric at most. */
  readonly limit: number;
  /** Takes a place among all series of the registry; false when none is left. */
  readonly take: () => boolean;
  /** A series was asked for that there is no room for. */
  readonly onOverflow: () => void;
}

interface Entry<Series> {
  readonly labels: Labels;
  readonly series: Series;
}

/** The series of one metric by their labels: so many at most, and one for all others. */
export class SeriesSet<Series> {
  /** That without labels. */
  readonly own: Series;
  readonly #services: SeriesServices;
  readonly #create: () => Series;
  readonly #entries = new Map<string, Entry<Series>>();
  #overflow: Entry<Series> | undefined;

  constructor(services: SeriesServices, create: () => Series) {
    this.#services = services;
    this.#create = create;
    this.own = create();
  }

  /** The series of these labels: the same each time. @throws TypeError for what are no labels */
  with(given: Labels): Series {
    const labels = toLabels(given);
    if (labels.length === 0) return this.own;
    if (labels.some(([, value]) => isTooLong(value))) return this.#beyond();
    const key = keyOf(labels);
    const known = this.#entries.get(key);
    if (known !== undefined) return known.series;
    if (this.#entries.size >= this.#services.limit || !this.#services.take()) return this.#beyond();
    const entry = { labels: Object.fromEntries(labels), series: this.#create() };
    this.#entries.set(key, entry);
    return entry.series;
  }

  /** Whether the series without labels is the only one. */
  get isPlain(): boolean {
    return this.#entries.size === 0 && this.#overflow === undefined;
  }

  /** Those with labels, in the order in which they were first asked for; the overflow last. */
  *entries(): Generator<Entry<Series>, void> {
    yield* this.#entries.values();
    if (this.#overflow !== undefined) yield this.#overflow;
  }

  #beyond(): Series {
    this.#services.onOverflow();
    this.#overflow ??= { labels: overflowLabels, series: this.#create() };
    return this.#overflow.series;
  }
}
