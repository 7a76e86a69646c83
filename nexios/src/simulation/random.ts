/** A stream of random numbers that its seed decides: the same seed gives the same numbers on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number of at least 0, below `below`. */
  integer(below: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of the items. @throws TypeError when there is none. */
  pick<Item>(items: readonly Item[]): Item;
  /** True in a share `p` of cases. */
  chance(p: number): boolean;
  /** A stream of its own, that depends on this one's seed and the label alone, and takes nothing from this one. */
  fork(label: string | number): Random;
  /** A UUID of version 4. */
  uuid(): string;
}

/** Makes a stream from a seed, any finite number. The generator is sfc32 of Chris Doty-Humphrey's PractRand (pracrand.sourceforge.net), which has no known bias. */
export function createRandom(seed: number): Random {
  if (!Number.isFinite(seed)) throw new TypeError(`A seed must be a finite number, not ${seed}`);
  return new Stream(hash([0x9e3779b9, 0x243f6a88, 0xb7e15162], String(seed)));
}

type Key = readonly [number, number, number];

class Stream implements Random {
  readonly #key: Key;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(key: Key) {
    this.#key = key;
    [this.#a, this.#b, this.#c] = key;
    // Until each bit of the key has reached all of the state.
    for (let round = 0; round < 15; round++) this.#word();
  }

  next(): number {
    return ((this.#word() >>> 5) * 0x4000000 + (this.#word() >>> 6)) / 0x20000000000000;
  }

  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  between(low: number, high: number): number {
    return low + this.integer(high - low + 1);
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new TypeError("There is nothing to pick from");
    // The index is below the length, which is not 0.
    return items[this.integer(items.length)] as Item;
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  fork(label: string | number): Random {
    return new Stream(hash(this.#key, String(label)));
  }

  uuid(): string {
    const digits = Array.from({ length: 4 }, () => (this.#word() >>> 0).toString(16).padStart(8, "0")).join("");
    const variant = "89ab".charAt(parseInt(digits.charAt(16), 16) & 3);
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }
}

/** Another key for each text. Each word runs on its own, so that two texts would have to meet in all three. */
function hash(key: Key, text: string): Key {
  return [hashWord(key[0], text), hashWord(key[1], text), hashWord(key[2], text)];
}

/** FNV-1a (Fowler, Noll, Vo) from a start of its own, and the finalizer of MurmurHash3 (Austin Appleby), so that labels next to each other end far apart. */
function hashWord(start: number, text: string): number {
  let word = start ^ text.length;
  for (let index = 0; index < text.length; index++) word = Math.imul(word ^ text.charCodeAt(index), 0x01000193);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}
