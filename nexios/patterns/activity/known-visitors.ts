import type { AppTransaction } from "nexios";
import { Distinct, hash53, type UniqueReading } from "nexios/metrics";
import type { StoredEvent } from "./event.ts";
import { type Step, steps } from "./tables.ts";
import { startOf } from "./time.ts";

interface Known {
  readonly distinct: Distinct;
  /** As it was last stored. */
  stored: string;
}

/** Steps whose visitors are remembered; of more, those that were used longest ago are read again. */
const mostRemembered = 16;

/** Who was there in each step of time: exact while they are few, so that a late visitor is counted once too. Belongs to one writer. */
export class KnownVisitors {
  #known = new Map<string, Known>();

  async add(tx: AppTransaction, events: readonly StoredEvent[]): Promise<void> {
    for (const step of ["minute", "hour"] as const) {
      const hashes = new Map<number, Set<number>>();
      for (const { visitor, at } of events) {
        if (visitor === undefined) continue;
        const start = startOf(at, steps[step]);
        hashes.set(start, (hashes.get(start) ?? new Set()).add(hash53(visitor)));
      }
      for (const [at, members] of hashes) await this.#store(tx, { step, at, members });
    }
  }

  /** For a transaction that has failed: what it has added is not there. */
  clear(): void {
    this.#known = new Map();
  }

  async #store(tx: AppTransaction, { step, at, members }: { readonly step: Step; readonly at: number; readonly members: ReadonlySet<number> }): Promise<void> {
    const known = await this.#read(tx, step, at);
    for (const hash of members) known.distinct.add(hash);
    const sketch = JSON.stringify(known.distinct.read());
    if (sketch === known.stored) return;
    await tx.query(
      "insert into activity_visitors (step, at, count, sketch) values (?, ?, ?, ?) on conflict (step, at) do update set count = excluded.count, sketch = excluded.sketch",
      [step, at, known.distinct.size.count, sketch],
    );
    known.stored = sketch;
  }

  async #read(tx: AppTransaction, step: Step, at: number): Promise<Known> {
    const key = `${step} ${at}`;
    const known = this.#known.get(key) ?? (await load(tx, step, at));
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostRemembered && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }
}

async function load(tx: AppTransaction, step: Step, at: number): Promise<Known> {
  const { rows } = await tx.query("select sketch from activity_visitors where step = ? and at = ?", [step, at]);
  const stored = rows[0] === undefined ? "" : String(rows[0]["sketch"]);
  const distinct = new Distinct();
  // Nobody else writes there.
  if (stored !== "") distinct.merge(JSON.parse(stored) as UniqueReading);
  return { distinct, stored };
}
