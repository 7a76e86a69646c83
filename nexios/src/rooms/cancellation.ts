/** Whether somebody still waits for a request. Its signal is made when it is asked for: most requests need none. */
export class Cancellation {
  #controller: AbortController | undefined;
  #isCancelled = false;
  #isAborted = false;

  /** What has not been decided is not. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** For what prepares it: it may stop. */
  get isAborted(): boolean {
    return this.#isAborted;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Who made it does not want it any more. */
  cancel(): void {
    this.#isCancelled = true;
    this.abort();
  }

  /** Who made it is gone: what still prepares may stop, but what is ready is decided. */
  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort();
  }
}
