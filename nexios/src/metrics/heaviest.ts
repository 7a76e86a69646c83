import { toFinite } from "./finite.ts";
import type { TopReading } from "./reading.ts";

interface Node {
  key: string;
  count: number;
  error: number;
  place: number;
}

/**
 * The heaviest keys of a stream in bounded space: each new key takes the place of the lightest one, and its count with it. A count is never too low, and too high by at
 * most its error; each key with more than 1/capacity of all weight is there.
 * Source: Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in data streams" (Space-Saving), 2005; with a heap instead of its list.
 */
export class Heaviest {
  readonly #capacity: number;
  readonly #nodes = new Map<string, Node>();
  /** The lightest is first; each is at most as heavy as the two at twice its place. */
  readonly #heap: Node[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  add(key: string, amount: number): void {
    const known = this.#nodes.get(key);
    if (known !== undefined) {
      known.count = toFinite(known.count + amount);
      this.#sink(known);
    } else if (this.#heap.length < this.#capacity) {
      const node = { key, count: amount, error: 0, place: this.#heap.length };
      this.#nodes.set(key, node);
      this.#heap.push(node);
      this.#rise(node);
    } else {
      const lightest = this.#heap[0]!;
      this.#nodes.delete(lightest.key);
      lightest.key = key;
      lightest.error = lightest.count;
      lightest.count = toFinite(lightest.count + amount);
      this.#nodes.set(key, lightest);
      this.#sink(lightest);
    }
  }

  /** The heaviest of so many. */
  read(most: number): TopReading {
    const sorted = this.#select(most + 1);
    const lightest = this.#heap.length < this.#capacity ? 0 : this.#heap[0]!.count;
    return { keys: sorted.slice(0, most).map(({ key, count, error }) => [key, count, error]), others: sorted[most]?.count ?? lightest };
  }

  /** In order, without sorting all of very many. */
  #select(most: number): readonly Node[] {
    const selected: Node[] = [];
    // The heavy ones are more likely at the heap's end.
    for (let place = this.#heap.length - 1; place >= 0; place--) {
      const node = this.#heap[place]!;
      const last = selected.length < most ? undefined : selected[most - 1]!;
      if (last !== undefined && heavierFirst(last, node) <= 0) continue;
      if (last !== undefined) selected.pop();
      let [low, high] = [0, selected.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (heavierFirst(selected[middle]!, node) < 0) low = middle + 1;
        else high = middle;
      }
      selected.splice(low, 0, node);
    }
    return selected;
  }

  #rise(node: Node): void {
    for (;;) {
      const parent = this.#heap[(node.place - 1) >> 1];
      if (node.place === 0 || parent === undefined || parent.count <= node.count) return;
      this.#swap(parent, node);
    }
  }

  #sink(node: Node): void {
    for (;;) {
      const left = this.#heap[2 * node.place + 1];
      const right = this.#heap[2 * node.place + 2];
      const lighter = right !== undefined && left !== undefined && right.count < left.count ? right : left;
      if (lighter === undefined || lighter.count >= node.count) return;
      this.#swap(node, lighter);
    }
  }

  #swap(a: Node, b: Node): void {
    [a.place, b.place] = [b.place, a.place];
    this.#heap[a.place] = a;
    this.#heap[b.place] = b;
  }
}

function heavierFirst(a: Node, b: Node): number {
  return b.count - a.count || (a.key < b.key ? -1 : 1);
}
