import { mergeReadings } from "./merge-readings.ts";
import type { MetricsReading } from "./reading.ts";

/** How many processes are kept, and when one counts as silent. */
export interface OtherReadingsOptions {
  /** Processes with a reading of their own. */
  readonly most: number;
  /** After so many steps without a word a process is stale. */
  readonly staleAfter: number;
}

/** Another process, as it is known here. */
export interface OtherProcess {
  readonly processId: string;
  /** It has not been heard for three steps, or has said that it ends: its gauges are left out, what it has counted is not. */
  readonly isStale: boolean;
}

interface Known {
  readonly number: number;
  readonly reading: MetricsReading;
  readonly heardAt: number;
}

/** Ids of processes that are only remembered so as not to be counted twice. */
const mostEnded = 10_000;

/**
 * The newest reading of each other process. What a process has counted stays when it falls silent, so that no sum goes down; what it is, such as its memory, goes. When
 * there are more than are kept, the one that is silent for longest becomes part of the past: its counts are added up with those of others before it.
 */
export class OtherReadings {
  readonly #options: OtherReadingsOptions;
  readonly #known = new Map<string, Known>();
  readonly #ended = new Set<string>();
  #past: MetricsReading = { families: [] };

  constructor(options: OtherReadingsOptions) {
    this.#options = options;
  }

  /** Keeps a reading unless a newer one is known. False where there is no room for the process. */
  take(processId: string, number: number, reading: MetricsReading, step: number): boolean {
    // What it had counted is in the past; what it counts since can't be told from that.
    if (this.#ended.has(processId)) return false;
    const known = this.#known.get(processId);
    if (known !== undefined && known.number >= number) return true;
    if (known === undefined && this.#known.size >= this.#options.most && !this.#endOne(step)) return false;
    this.#known.set(processId, { number, reading, heardAt: step });
    return true;
  }

  /** The process has said that it ends. */
  leave(processId: string): void {
    const known = this.#known.get(processId);
    if (known !== undefined) this.#known.set(processId, { ...known, heardAt: -Infinity });
  }

  processes(step: number): readonly OtherProcess[] {
    return [...this.#known].map(([processId, known]) => ({ processId, isStale: this.#isStale(known, step) }));
  }

  /** All of them and one's own as one. */
  merged(own: MetricsReading, step: number): MetricsReading {
    const others = [...this.#known.values()].map((known) => (this.#isStale(known, step) ? withoutGauges(known.reading) : known.reading));
    return mergeReadings([own, this.#past, ...others]);
  }

  #isStale({ heardAt }: Known, step: number): boolean {
    return step - heardAt >= this.#options.staleAfter;
  }

  #endOne(step: number): boolean {
    const stale = [...this.#known].filter(([, known]) => this.#isStale(known, step)).toSorted(([, a], [, b]) => a.heardAt - b.heardAt || a.number - b.number);
    const [longest] = stale;
    if (longest === undefined) return false;
    const [processId, { reading }] = longest;
    this.#past = mergeReadings([this.#past, withoutGauges(reading)]);
    this.#known.delete(processId);
    this.#ended.add(processId);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= mostEnded) break;
      this.#ended.delete(oldest);
    }
    return true;
  }
}

function withoutGauges({ families }: MetricsReading): MetricsReading {
  return { families: families.filter(({ kind }) => kind !== "gauge") };
}
