import type { AppTransaction } from "nexios";
import type { Count } from "./counts.ts";
import { countTables, type Step, toSlices } from "./tables.ts";

/** Steps with a metric whose labels are remembered; of more, those that were used longest ago are read again. */
const mostRemembered = 32;

/** Which labels a step has already, so that it gets no more than its limit. Belongs to one writer. */
export class KnownLabels {
  readonly #limit: number;
  #labels = new Map<string, Set<string>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Gives which of these counts have a place; what is new and fits has one from then on. */
  async admit(tx: AppTransaction, step: Step, counts: readonly Count[]): Promise<(count: Count) => boolean> {
    const places = new Map<string, Set<string>>();
    for (const { at, metric } of counts) {
      const key = `${at} ${metric}`;
      if (!places.has(key)) places.set(key, await this.#read(tx, step, at, metric));
    }
    for (const { at, metric, label } of counts) {
      const labels = places.get(`${at} ${metric}`);
      if (labels !== undefined && labels.size < this.#limit) labels.add(label);
    }
    return ({ at, metric, label }) => places.get(`${at} ${metric}`)?.has(label) === true;
  }

  /** For a transaction that has failed: what it has added is not there. */
  clear(): void {
    this.#labels = new Map();
  }

  async #read(tx: AppTransaction, step: Step, at: number, metric: string): Promise<Set<string>> {
    const key = `${step} ${at} ${metric}`;
    const labels = this.#labels.get(key) ?? new Set((await this.#select(tx, step, at, metric)).map(({ label }) => String(label)));
    this.#labels.delete(key);
    this.#labels.set(key, labels);
    const [oldest] = this.#labels.keys();
    if (this.#labels.size > mostRemembered && oldest !== undefined) this.#labels.delete(oldest);
    return labels;
  }

  async #select(tx: AppTransaction, step: Step, at: number, metric: string) {
    return (await tx.query(`select label from ${countTables[step]} where at = ? and metric = ? limit ?`, [at, metric, this.#limit])).rows;
  }
}

/** Adds to counts; those that are not there begin at 0. */
export async function addCounts(tx: AppTransaction, step: Step, counts: readonly Count[]): Promise<void> {
  const table = countTables[step];
  for (const slice of toSlices(counts)) {
    await tx.query(
      `insert into ${table} (at, metric, label, count) values ${slice.map(() => "(?, ?, ?, ?)").join(", ")} on conflict (at, metric, label) do update set count = ${table}.count + excluded.count`,
      slice.flatMap(({ at, metric, label, count }) => [at, metric, label, count]),
    );
  }
}
