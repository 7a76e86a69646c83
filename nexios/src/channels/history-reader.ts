import type { KeepRules, MessageKeeper } from "../broker/broker.ts";
import { decodeGroupMessage, type GroupMessage } from "./group-message.ts";

interface Reading {
  readonly under: Promise<unknown>;
  /** Of those who have asked since it began. */
  next: Promise<readonly GroupMessage[]> | undefined;
}

/** Reads what is kept of groups, each at most once at a time: who asks meanwhile shares the next reading, which finds all that was sent until then. */
export class HistoryReader {
  readonly #keeper: MessageKeeper;
  readonly #readings = new Map<string, Reading>();

  constructor(keeper: MessageKeeper) {
    this.#keeper = keeper;
  }

  /** Oldest first. @throws NexiosError UNAVAILABLE */
  read(topic: string, rules: KeepRules): Promise<readonly GroupMessage[]> {
    const reading = this.#readings.get(topic);
    if (reading === undefined) return this.#begin(topic, rules);
    reading.next ??= reading.under.then(
      () => this.#begin(topic, rules),
      () => this.#begin(topic, rules),
    );
    return reading.next;
  }

  #begin(topic: string, rules: KeepRules): Promise<readonly GroupMessage[]> {
    const under = this.#keeper.read(topic, rules).then((messages) => messages.map(decodeGroupMessage).filter((message) => message !== undefined));
    const reading: Reading = { under, next: undefined };
    this.#readings.set(topic, reading);
    const end = (): void => {
      if (reading.next === undefined) this.#readings.delete(topic);
    };
    under.then(end, end);
    return under;
  }
}
