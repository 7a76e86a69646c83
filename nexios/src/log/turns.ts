/** Lets what is done under one name happen one after the other, in the order in which it came. */
export class Turns {
  /** The last of each name that has one under way. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs when all that came before under this name has ended, however it has. */
  async run<Value>(name: string, run: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(name);
    const turn = (async () => {
      await before?.catch(() => undefined);
      return run();
    })();
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }

  /** Resolves when all that is under way has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
