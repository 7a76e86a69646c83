import type { LetGo, Watcher } from "./watcher.ts";
import { PresenceBook } from "./presence-book.ts";

/** What came of it. */
export interface PresenceFound {
  /** Users whom lists could be judged by, over all looks. */
  readonly judged: number;
  readonly wrong: number;
  /** The first of what is wrong, in words. */
  readonly examples: readonly string[];
}

/** After a kill lists are looked at so much later. */
const afterKillMs = 6_050;
/** After Redis has come back. */
const afterPauseMs = 12_000;
/** A watcher has had its list for so long before it is judged by it. */
const steadyMs = 3_000;
/** Whether one was here around a moment is known so much later. */
const knownMs = 2_000;
const keptExamples = 5;

/** Looks at the lists of all processes after each kill, and compares them with the book. */
export class PresenceWatch {
  readonly book = new PresenceBook();
  readonly #watchers: readonly Watcher[];
  readonly #timers = new Set<NodeJS.Timeout>();
  /** While the broker is away, and shortly after, lists need not be right. */
  #troubled: { readonly from: number; to: number } | undefined;
  #judged = 0;
  #wrong = 0;
  readonly #examples: string[] = [];

  constructor(watchers: readonly Watcher[]) {
    this.#watchers = watchers;
  }

  get found(): PresenceFound {
    return { judged: this.#judged, wrong: this.#wrong, examples: this.#examples };
  }

  killed(process: number, at: number): void {
    this.book.killed(process, at);
    this.#later(at + afterKillMs - Date.now(), () => {
      if (this.#wasTroubled(at)) return;
      this.look(`6 s after process ${process} was killed`);
      this.#lookAtLetGo(at, at + afterKillMs - knownMs);
    });
  }

  /** The broker is away from now on, or is back. */
  troubled(isAway: boolean): void {
    if (isAway) this.#troubled = { from: Date.now(), to: Infinity };
    else if (this.#troubled !== undefined) {
      this.#troubled.to = Date.now();
      this.#later(afterPauseMs, () => {
        if (!this.#wasTroubled(Date.now())) this.look(`${afterPauseMs / 1_000} s after Redis was back`);
      });
    }
  }

  /** Compares the lists of all processes with the book. */
  look(when: string): void {
    const now = Date.now();
    for (const [index, watcher] of this.#watchers.entries()) {
      if (watcher.listedSince === undefined || watcher.listedSince > now - steadyMs) continue;
      const { judged, wrong } = this.book.judge(watcher.people, now);
      this.#judged += judged;
      for (const { userId, what } of wrong) this.#note(`process ${index}, ${when}: ${userId} ${what}`);
    }
  }

  /** Lists must have all of them. */
  require(userIds: readonly string[]): void {
    for (const [index, { people }] of this.#watchers.entries()) {
      for (const userId of userIds) {
        this.#judged++;
        if (!people.has(userId)) this.#note(`process ${index}, in the end: ${userId} is here, and is not listed`);
      }
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  /** Whom lists have let go of between two moments though they were here all the time. */
  #lookAtLetGo(from: number, to: number): void {
    const isFlicker = ({ userId, at }: LetGo): boolean => at >= from && at <= to && this.book.wasHere(userId, at);
    for (const [index, { letGo }] of this.#watchers.entries()) {
      for (const { userId, at } of letGo.filter(isFlicker)) {
        this.#note(`process ${index}, ${at - from} ms after a kill: ${userId} is here, and was let go of`);
      }
    }
  }

  /** Whether the broker was away after a moment, or shortly before it. */
  #wasTroubled(since: number): boolean {
    return this.#troubled !== undefined && this.#troubled.to + afterPauseMs - 1 > since;
  }

  #note(what: string): void {
    this.#wrong++;
    if (this.#examples.length < keptExamples) this.#examples.push(`presenceWrong: ${what}`);
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
