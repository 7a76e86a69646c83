import type { Cut, KeepRules, MessageKeeper } from "../broker/broker.ts";
import { EncodedPayload } from "./payload.ts";

interface Reading {
  readonly under: Promise<readonly EncodedPayload[]>;
  /** Of those who have asked since it began. */
  next: { readonly cuts: Cut[]; readonly read: Promise<readonly EncodedPayload[]> } | undefined;
}

/** Reads what is kept of groups, each at most once at a time: who asks meanwhile shares the next reading, which finds all that was sent until then. */
export class HistoryReader {
  readonly #keeper: MessageKeeper;
  readonly #readings = new Map<string, Reading>();

  constructor(keeper: MessageKeeper) {
    this.#keeper = keeper;
  }

  /** Oldest first. `cut` as of the keeper. @throws NexiosError UNAVAILABLE */
  read(topic: string, rules: KeepRules, cut?: Cut): Promise<readonly EncodedPayload[]> {
    const cuts = cut === undefined ? [] : [cut];
    const reading = this.#readings.get(topic);
    if (reading === undefined) return this.#begin(topic, rules, cuts);
    if (reading.next === undefined) {
      const begin = (): Promise<readonly EncodedPayload[]> => this.#begin(topic, rules, cuts);
      reading.next = { cuts, read: reading.under.then(begin, begin) };
    } else reading.next.cuts.push(...cuts);
    return reading.next.read;
  }

  #begin(topic: string, rules: KeepRules, cuts: readonly Cut[]): Promise<readonly EncodedPayload[]> {
    const all: Cut = {
      cutOwn() {
        for (const each of cuts) each.cutOwn();
      },
      cutOthers() {
        for (const each of cuts) each.cutOthers();
      },
    };
    const kept = this.#keeper.read(topic, rules, cuts.length === 0 ? undefined : all);
    const under = kept.then((messages) => messages.map((message) => EncodedPayload.fromMessage(message)).filter((payload) => payload !== undefined));
    const reading: Reading = { under, next: undefined };
    this.#readings.set(topic, reading);
    const end = (): void => {
      if (reading.next === undefined) this.#readings.delete(topic);
    };
    under.then(end, end);
    return under;
  }
}
