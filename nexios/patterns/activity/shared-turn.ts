import type { AppStore, AppTransaction } from "nexios";
import { type EventRow, eventColumns, toEvent } from "./event-row.ts";
import type { StoredEvent } from "./event.ts";
import { firstSharedNumber } from "./tables.ts";

/** What a process gets to know when it may write. */
export interface Turn {
  /** That of no other commit, and above those of all commits before. */
  readonly number: number;
  /** Another process has written since this one did: what it remembers may not be so any more. */
  readonly isHandedOver: boolean;
}

/**
 * One after the other, the processes that share a store write: a row is locked until the end of a transaction. So what was written just before is seen, commits have numbers
 * in their order, and each process hears of what the others have stored by asking for what stands behind the last number that it knows.
 */
export class SharedTurn {
  readonly #processId: string;
  /** Of commits of this process that it has not passed yet. */
  readonly #own = new Set<number>();
  readonly #mostOfCommit: number;
  #heardTo = Infinity;

  /** `processId` is new with each start. `mostOfCommit`: events that a commit has at most. */
  constructor(processId: string, mostOfCommit: number) {
    this.#processId = processId;
    this.#mostOfCommit = mostOfCommit;
  }

  /** Waits for those that are writing. It is the first statement of each transaction. */
  async take(tx: AppTransaction): Promise<Turn> {
    const { rows } = await tx.query("update activity_turn set previous = holder, holder = ?, commits = commits + 1 where id = 1 returning previous, commits", [
      this.#processId,
    ]);
    const number = Number(rows[0]?.["commits"]);
    this.#own.add(number);
    return { number, isHandedOver: rows[0]?.["previous"] !== this.#processId };
  }

  /** A transaction has failed: another gets its number, unless it is there all the same. */
  giveBack(number: number): void {
    this.#own.delete(number);
  }

  /** Whether another process has written since this one did. @throws NexiosError UNAVAILABLE */
  async isWithOthers(store: Pick<AppStore, "query">): Promise<boolean> {
    const { rows } = await store.query("select holder from activity_turn where id = 1");
    return rows[0]?.["holder"] !== this.#processId;
  }

  /** What is behind a number is heard from now on. */
  hearFrom(number: number): void {
    this.#heardTo = number;
  }

  /** Events that other processes have stored since it was asked last, in the order of their commits. @throws NexiosError UNAVAILABLE */
  async hear(store: Pick<AppStore, "query">): Promise<readonly StoredEvent[]> {
    if (this.#heardTo === Infinity) return [];
    const { rows: turns } = await store.query("select commits from activity_turn where id = 1");
    const newest = Number(turns[0]?.["commits"] ?? 0);
    const limit = 2 * this.#mostOfCommit;
    const heard: StoredEvent[] = [];
    while (this.#heardTo < newest) {
      const own = [...this.#own].filter((number) => number > this.#heardTo && number <= newest);
      const others = own.length === 0 ? "" : ` and stored not in (${own.join(",")})`;
      const { rows } = await store.query(
        `select stored, ${eventColumns} from activity_event where stored >= ${firstSharedNumber} and stored > ? and stored <= ?${others} order by stored limit ?`,
        [this.#heardTo, newest, limit],
      );
      const last = Number(rows.at(-1)?.["stored"]);
      // The last commit may be cut off.
      const upTo = rows.length < limit ? newest : last - 1;
      heard.push(...rows.filter(({ stored }) => Number(stored) <= upTo).map((row: EventRow) => toEvent(row)));
      this.#heardTo = upTo;
    }
    for (const number of this.#own) if (number <= this.#heardTo) this.#own.delete(number);
    return heard;
  }
}
