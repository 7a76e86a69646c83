import { NexiosError } from "../protocol/failure.ts";

type Cut = (error: NexiosError) => void;

/** What a program has asked of its rooms, from the asking to the answer: an end can wait for it, and nobody waits for an answer for ever. */
export class CallsUnderWay {
  readonly #cuts = new Set<Cut>();
  readonly #idle = Promise.withResolvers<void>();
  #isClosed = false;

  /** Runs a call. @throws NexiosError UNAVAILABLE when this is closed, or was cut before the call had its answer; what the call throws. */
  run<Value>(call: () => Promise<Value>): Promise<Value> {
    if (this.#isClosed) return Promise.reject(stopping());
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    this.#cuts.add(reject);
    const end = (): void => {
      this.#cuts.delete(reject);
      this.#settleIfIdle();
    };
    call().then(resolve, reject).finally(end);
    return promise;
  }

  /** Takes no more calls. Resolves when none is under way. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#settleIfIdle();
    return this.#idle.promise;
  }

  /** Answers what is under way: what comes of it, nobody is told. */
  cut(): void {
    for (const reject of this.#cuts) reject(stopping());
  }

  #settleIfIdle(): void {
    if (this.#isClosed && this.#cuts.size === 0) this.#idle.resolve();
  }
}

function stopping(): NexiosError {
  return new NexiosError("UNAVAILABLE", "The app stops: the same call, under the same id, tells another time what came of it");
}
