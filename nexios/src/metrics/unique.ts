import { Distinct } from "./distinct.ts";
import { hash53 } from "./hash.ts";
import type { FamilyReading, Labels, UniqueReading } from "./reading.ts";
import { SeriesSet, type SeriesServices } from "./series-set.ts";

/** How many different ones there were. */
export interface UniqueSeries {
  /** One that was added before changes nothing. */
  add(member: string): void;
}

class Members implements UniqueSeries {
  readonly #distinct = new Distinct();

  add(member: string): void {
    this.#distinct.add(hash53(member));
  }

  get isEmpty(): boolean {
    return this.#distinct.isEmpty;
  }

  read(): UniqueReading {
    return this.#distinct.read();
  }
}

/** Counts different ones, such as users. Itself it is the series without labels. */
export class Unique implements UniqueSeries {
  readonly kind = "unique";
  readonly #set: SeriesSet<Members>;

  constructor(services: SeriesServices) {
    this.#set = new SeriesSet(services, () => new Members());
  }

  /** The series of these labels, to be kept and added to. @throws TypeError for what are no labels */
  with(labels: Labels): UniqueSeries {
    return this.#set.with(labels);
  }

  add(member: string): void {
    this.#set.own.add(member);
  }

  /** @internal */
  *read(): Generator<Extract<FamilyReading, { kind: "unique" }>["series"][number], void> {
    if (!this.#set.own.isEmpty || this.#set.isPlain) yield { labels: {}, value: this.#set.own.read() };
    for (const { labels, series } of this.#set.entries()) yield { labels, value: series.read() };
  }
}
