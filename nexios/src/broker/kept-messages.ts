import type { KeepRules } from "./broker.ts";

interface Kept {
  readonly message: Uint8Array;
  readonly at: number;
}

interface Topic {
  readonly kept: Kept[];
  bytes: number;
  rules: KeepRules;
}

/** Topics that are looked at with each message: those whose messages are too old are forgotten. */
const sweptAtOnce = 2;

/** The last messages of topics, in memory. */
export class KeptMessages {
  readonly #now: () => number;
  readonly #mostTopics: number;
  readonly #topics = new Map<string, Topic>();

  /** Past `mostTopics` others than those that have some are not kept. */
  constructor(now: () => number, mostTopics: number) {
    this.#now = now;
    this.#mostTopics = mostTopics;
  }

  /** Topics of which something is kept. */
  get size(): number {
    return this.#topics.size;
  }

  add(topic: string, message: Uint8Array, rules: KeepRules): void {
    this.#sweep();
    let known = this.#topics.get(topic);
    if (known === undefined) {
      if (this.#topics.size >= this.#mostTopics) return;
      known = { kept: [], bytes: 0, rules };
      this.#topics.set(topic, known);
    }
    known.rules = rules;
    known.bytes += message.length;
    known.kept.push({ message, at: this.#now() });
    this.#trim(topic, known);
  }

  read(topic: string, rules: KeepRules): readonly Uint8Array[] {
    const now = this.#now();
    return (this.#topics.get(topic)?.kept ?? []).filter(({ at }) => now - at < rules.keepMs).map(({ message }) => message);
  }

  #trim(topic: string, known: Topic): void {
    const { kept, rules } = known;
    const isPast = (oldest: Kept): boolean => kept.length > rules.keep || known.bytes > rules.keepBytes || this.#now() - oldest.at >= rules.keepMs;
    for (let oldest = kept[0]; oldest !== undefined && isPast(oldest); oldest = kept[0]) {
      known.bytes -= oldest.message.length;
      kept.shift();
    }
    if (kept.length === 0) this.#topics.delete(topic);
  }

  /** In turn: a topic that stays goes to the end. */
  #sweep(): void {
    for (const [topic, known] of this.#topics.entries().take(sweptAtOnce).toArray()) {
      this.#topics.delete(topic);
      this.#topics.set(topic, known);
      this.#trim(topic, known);
    }
  }
}
