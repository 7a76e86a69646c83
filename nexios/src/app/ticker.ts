import type { Awaitable } from "../server/awaitable.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";

interface Ticker {
  readonly everyMs: number;
  readonly run: () => Awaitable<void>;
}

/** What runs again and again, from a start to a stop. */
export class Tickers {
  readonly #clock: Clock;
  readonly #tickers: Ticker[] = [];
  #cancels: Cancel[] = [];
  #isStarted = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws TypeError for a time that is none */
  add(everyMs: number, run: Ticker["run"]): void {
    if (!(everyMs > 0)) throw new TypeError(`A ticker runs each so many milliseconds, above 0, not ${everyMs}`);
    const ticker = { everyMs, run };
    this.#tickers.push(ticker);
    if (this.#isStarted) this.#start(ticker);
  }

  start(): void {
    this.#isStarted = true;
    for (const ticker of this.#tickers) this.#start(ticker);
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }

  #start({ everyMs, run }: Ticker): void {
    this.#cancels.push(startTicker(this.#clock, everyMs, run));
  }
}

/** Runs `run` each `everyMs`. While a run goes on the next is left out; one that fails is reported. */
function startTicker(clock: Clock, everyMs: number, run: () => Awaitable<void>): Cancel {
  let running = false;
  const tick = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      await run();
    } catch (error) {
      report("error", { where: `every ${everyMs} ms`, error });
    } finally {
      running = false;
    }
  };
  return repeat(clock, everyMs, () => void tick());
}
