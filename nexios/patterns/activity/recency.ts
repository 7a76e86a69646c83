/** Remembers so many values by their keys: of more, the one that was used longest ago is forgotten. */
export class Recency<Value> {
  readonly #limit: number;
  #values = new Map<string, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is remembered; used, it stays. */
  peek(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#limit) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }

  /** What is remembered, or what `load` gives. */
  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    const value = await load();
    this.set(key, value);
    return value;
  }

  clear(): void {
    this.#values = new Map();
  }
}
