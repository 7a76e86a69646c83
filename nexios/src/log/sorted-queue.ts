/** Items in the order of a number, the smallest first. What comes nearly in order costs next to nothing. */
export class SortedQueue<Item> {
  readonly #orderOf: (item: Item) => number;
  #items: Item[] = [];
  /** Before it are items that were taken. */
  #start = 0;

  constructor(orderOf: (item: Item) => number) {
    this.#orderOf = orderOf;
  }

  get length(): number {
    return this.#items.length - this.#start;
  }

  get first(): Item | undefined {
    return this.#items[this.#start];
  }

  /** Behind those of the same order. */
  add(item: Item): void {
    const order = this.#orderOf(item);
    let [low, high] = [this.#start, this.#items.length];
    const last = this.#items.at(-1);
    if (last === undefined || this.#orderOf(last) <= order) low = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#items[middle];
      if (other !== undefined && this.#orderOf(other) <= order) low = middle + 1;
      else high = middle;
    }
    if (low === this.#items.length) this.#items.push(item);
    else this.#items.splice(low, 0, item);
  }

  /** Takes the first away. */
  shift(): void {
    if (this.length === 0) return;
    this.#start++;
    // Each copy takes as many as were taken since the last one.
    if (this.#start >= this.length) this.#keep(this.#items.slice(this.#start));
  }

  /** Takes away all that `isKept` is false of. */
  retain(isKept: (item: Item) => boolean): void {
    this.#keep(this.#items.slice(this.#start).filter(isKept));
  }

  #keep(items: Item[]): void {
    this.#items = items;
    this.#start = 0;
  }
}
