import type { AppTransaction } from "nexios";
import type { Count } from "./counts.ts";
import { Recency } from "./recency.ts";
import { countTables, type Step, toRows, toSlices } from "./tables.ts";

/** Steps with a metric whose labels are remembered; of more, those that were used longest ago are read again. */
const mostRemembered = 32;

/** Which labels a step has already, so that it gets no more than its limit. Belongs to one writer. */
export class KnownLabels {
  readonly #limit: number;
  readonly #known = new Recency<Set<string>>(mostRemembered);

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Gives which of these counts have a place; what is new and fits has one from then on. */
  async admit(tx: AppTransaction, step: Step, counts: readonly Count[]): Promise<(count: Count) => boolean> {
    const places = new Map<string, Set<string>>();
    for (const { at, metric } of counts) {
      const key = `${at} ${metric}`;
      if (!places.has(key)) places.set(key, await this.#known.get(`${step} ${key}`, () => this.#load(tx, step, at, metric)));
    }
    for (const { at, metric, label } of counts) {
      const labels = places.get(`${at} ${metric}`);
      if (labels !== undefined && labels.size < this.#limit) labels.add(label);
    }
    return ({ at, metric, label }) => places.get(`${at} ${metric}`)?.has(label) === true;
  }

  /** For a transaction that has failed: what it has added is not there. */
  clear(): void {
    this.#known.clear();
  }

  async #load(tx: AppTransaction, step: Step, at: number, metric: string): Promise<Set<string>> {
    const { rows } = await tx.query(`select label from ${countTables[step]} where at = ? and metric = ? limit ?`, [at, metric, this.#limit]);
    return new Set(rows.map(({ label }) => String(label)));
  }
}

/** Adds to counts; those that are not there begin at 0. */
export async function addCounts(tx: AppTransaction, step: Step, counts: readonly Count[]): Promise<void> {
  const table = countTables[step];
  const adding = toSlices(counts).map((slice) => {
    const { text, values } = toRows(slice.map(({ at, metric, label, count }) => [at, metric, label, count]));
    return tx.query(
      `insert into ${table} (at, metric, label, count) values ${text} on conflict (at, metric, label) do update set count = ${table}.count + excluded.count`,
      values,
    );
  });
  await Promise.all(adding);
}
