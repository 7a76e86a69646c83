/** Runs what it is given one after the other, in the order in which it came; at once when nothing runs. */
export class OneAtATime {
  #last: Promise<void> | undefined;

  run<Value>(run: () => Promise<Value>): Promise<Value> {
    const before = this.#last;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    // In place before it runs: it may ask for another turn itself.
    this.#last = ended;
    const end = (): void => {
      if (this.#last === ended) this.#last = undefined;
      resolve();
    };
    const turn = before === undefined ? run() : before.then(run);
    turn.then(end, end);
    return turn;
  }
}
