const seconds = 60;

/** How many of the answers of the last minute were failures of the server. No clock: who calls it says when. */
export class FailedShare {
  readonly #slots = Array.from({ length: seconds }, () => ({ second: -1, all: 0, failed: 0 }));

  note(at: number, isFailure: boolean): void {
    const second = Math.floor(at / 1_000);
    const index = second % seconds;
    const slot = this.#slots[index];
    const counted = slot?.second === second ? slot : { second, all: 0, failed: 0 };
    this.#slots[index] = { second, all: counted.all + 1, failed: counted.failed + (isFailure ? 1 : 0) };
  }

  /** From 0 to 1; 0 where nothing was answered. */
  read(at: number): number {
    const newest = Math.floor(at / 1_000);
    const counted = this.#slots.filter(({ second }) => second > newest - seconds && second <= newest);
    const all = counted.reduce((sum, slot) => sum + slot.all, 0);
    return all === 0 ? 0 : counted.reduce((sum, slot) => sum + slot.failed, 0) / all;
  }
}
