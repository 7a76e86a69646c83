/** Runs what belongs to one room one after the other: of those who wait, each would only spoil the condition of the others. */
export class RoomTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  run<Value>(room: string, task: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(room) ?? Promise.resolve();
    const running = before.then(task, task);
    this.#last.set(room, running);
    void running
      .catch(() => undefined)
      .finally(() => {
        if (this.#last.get(room) === running) this.#last.delete(room);
      });
    return running;
  }
}
