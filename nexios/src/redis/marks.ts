import { NexiosError } from "../protocol/failure.ts";
import { type Clock, endsWithin } from "../world/clock.ts";
import { readMark, toMark } from "./joined-messages.ts";

interface Awaited {
  readonly topic: string;
  readonly onMark: () => void;
  readonly came: PromiseWithResolvers<void>;
}

/** A mark that has not come by then is lost. */
const lostMs = 3_000;

/** The marks that this process has sent, or is about to, and that have not come back to it: each is a place among the messages of a topic. */
export class Marks {
  readonly #sender: Uint8Array;
  readonly #clock: Clock;
  readonly #awaited = new Map<number, Awaited>();
  #number = 0;

  constructor(sender: Uint8Array, clock: Clock) {
    this.#sender = sender;
    this.#clock = clock;
  }

  /** Sends a mark by `send` and resolves with what that gives, once the mark has come. @throws NexiosError UNAVAILABLE; what `send` throws */
  async send<Reply>(topic: string, onMark: () => void, send: (mark: Buffer) => Promise<Reply>): Promise<Reply> {
    this.#number = (this.#number + 1) >>> 0;
    const number = this.#number;
    const came = Promise.withResolvers<void>();
    came.promise.catch(() => undefined);
    this.#awaited.set(number, { topic, onMark, came });
    try {
      const reply = await send(toMark(this.#sender, number));
      if (await endsWithin(this.#clock, lostMs, came.promise)) return reply;
      throw lost();
    } finally {
      this.#awaited.delete(number);
    }
  }

  /** True for a mark: whoever has sent it, it is no message. */
  take(joined: Uint8Array): boolean {
    const mark = readMark(joined);
    if (mark === undefined) return false;
    if (Buffer.compare(mark.sender, this.#sender) !== 0) return true;
    const awaited = this.#awaited.get(mark.number);
    awaited?.onMark();
    awaited?.came.resolve();
    return true;
  }

  /** Those of a topic, or all, will not come any more. */
  lose(topic?: string): void {
    for (const awaited of this.#awaited.values()) if (topic === undefined || awaited.topic === topic) awaited.came.reject(lost());
  }
}

function lost(): NexiosError {
  return new NexiosError("UNAVAILABLE", "The history of a group could not be read beside what follows it", { status: 503 });
}
