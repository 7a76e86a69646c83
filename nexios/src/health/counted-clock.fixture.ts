import { ManualClock } from "../testing/manual-clock.ts";
import type { Cancel } from "../world/clock.ts";

/** A clock that is moved by hand, and knows how many timers are set. */
export class CountedClock extends ManualClock {
  readonly #set = new Set<object>();

  get timers(): number {
    return this.#set.size;
  }

  override after(delayMs: number, fire: () => void): Cancel {
    const timer = {};
    this.#set.add(timer);
    const cancel = super.after(delayMs, () => {
      this.#set.delete(timer);
      fire();
    });
    return () => {
      this.#set.delete(timer);
      cancel();
    };
  }
}
