/** Wakes all who wait for something to happen; what it was they look up themselves. */
export class Bell {
  #next = Promise.withResolvers<void>();

  /** Resolves at the next ring. */
  get rung(): Promise<void> {
    return this.#next.promise;
  }

  ring(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}
