/** Whole numbers from 0 up to below a bound, the same for the same seed. */
export type Draw = (below: number) => number;

/** Draws that a test can repeat: a linear congruence, of which the upper bits are good enough. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

const firstUnit = 0xe0_00;
const lastUnit = 0xf8_ff;

/** Units that are all different, so that each can be told from every other in any text. None is part of a word, which a restore would keep together. */
export class UnitBook {
  #next = firstUnit;

  /** @throws RangeError when all are used */
  take(count: number): string {
    if (this.#next + count - 1 > lastUnit) throw new RangeError("There are no more units");
    const text = Array.from({ length: count }, (_, index) => String.fromCharCode(this.#next + index)).join("");
    this.#next += count;
    return text;
  }
}
