import type { AppTransaction } from "nexios";
import { Distinct, hash53, type UniqueReading } from "nexios/metrics";
import { Recency } from "./recency.ts";
import { type Step, steps } from "./tables.ts";
import { startOf } from "./time.ts";

/** Steps whose visitors are remembered; of more, those that were used longest ago are read again. */
const mostRemembered = 16;

/** Somebody at a moment. */
export interface Presence {
  readonly visitor: string;
  readonly at: number;
}

/** Who was there in each step of time: exact while they are few, so that a late visitor is counted once too. Belongs to one writer. */
export class KnownVisitors {
  readonly #known = new Recency<Distinct>(mostRemembered);

  async add(tx: AppTransaction, presences: readonly Presence[]): Promise<void> {
    await Promise.all([this.#addStep(tx, "minute", presences), this.#addStep(tx, "hour", presences)]);
  }

  /** For a transaction that has failed: what it has added is not there. */
  clear(): void {
    this.#known.clear();
  }

  async #addStep(tx: AppTransaction, step: Step, presences: readonly Presence[]): Promise<void> {
    for (const [at, members] of Map.groupBy(presences, (each) => startOf(each.at, steps[step]))) {
      const distinct = await this.#known.get(`${step} ${at}`, () => load(tx, step, at));
      let isChanged = false;
      for (const { visitor } of members) isChanged = distinct.add(hash53(visitor)) || isChanged;
      if (isChanged) await store(tx, { step, at, distinct });
    }
  }
}

async function load(tx: AppTransaction, step: Step, at: number): Promise<Distinct> {
  const { rows } = await tx.query("select sketch from activity_visitors where step = ? and at = ?", [step, at]);
  const distinct = new Distinct();
  // Nobody else writes there.
  if (rows[0] !== undefined) distinct.merge(JSON.parse(String(rows[0]["sketch"])) as UniqueReading);
  return distinct;
}

async function store(tx: AppTransaction, { step, at, distinct }: { readonly step: Step; readonly at: number; readonly distinct: Distinct }): Promise<void> {
  await tx.query(
    "insert into activity_visitors (step, at, count, sketch) values (?, ?, ?, ?) on conflict (step, at) do update set count = excluded.count, sketch = excluded.sketch",
    [step, at, distinct.size.count, JSON.stringify(distinct.read())],
  );
}
