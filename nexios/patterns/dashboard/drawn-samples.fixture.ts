import type { Random } from "../../src/simulation/random.ts";
import type { ColumnFacts, Point } from "./column.ts";
import type { Sample } from "./sample.ts";

const always = 5;
const changing = 6;

/** What a process may measure: some values change from step to step, some are none, and series come and go. */
export class DrawnSamples {
  readonly #random: Random;
  readonly #stepMs: number;
  readonly #points = new Map<string, Point>();
  #top = 0;

  constructor(random: Random, stepMs: number) {
    this.#random = random;
    this.#stepMs = stepMs;
    // A window without a column has no length.
    for (let at = 0; at < always; at++) this.#points.set(`gauge ${at}`, this.#draw());
  }

  next(tick: number, steps: number): Sample {
    const random = this.#random;
    for (let at = 0; at < always; at++) if (random.chance(0.5)) this.#points.set(`gauge ${at}`, this.#draw());
    for (let at = 0; at < changing; at++) {
      const name = `series ${at}`;
      const lives = this.#points.has(name);
      if (random.chance(lives ? 0.04 : 0.02)) {
        if (lives) this.#points.delete(name);
        else this.#points.set(name, this.#draw());
      } else if (lives && random.chance(0.3)) this.#points.set(name, this.#draw());
    }
    if (random.chance(0.1)) this.#top++;
    const columns = [...this.#points].map(([metric, point]): ColumnFacts & { readonly point: Point } => ({ metric, labels: {}, stat: "value", point }));
    return { tick, stepMs: this.#stepMs, steps, columns, tops: { pages: [["/", this.#top]] } };
  }

  /** Few values, so that some stay as they are. */
  #draw(): Point {
    const random = this.#random;
    const value = random.integer(5);
    if (random.chance(0.1)) return null;
    return random.chance(0.15) ? [value, value - random.integer(2), value + 1] : value;
  }
}
