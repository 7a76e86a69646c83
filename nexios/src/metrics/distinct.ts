import { addHash, createRegisters, decodeRegisters, encodeRegisters, estimateDistinct } from "./hyperloglog.ts";
import type { UniqueReading } from "./reading.ts";

/** Up to so many a count is exact. */
export const exactUpTo = 10_000;

/** A set of hashes of which only the size is asked: exact while it is small, then a HyperLogLog. */
export class Distinct {
  readonly #exactUpTo: number;
  #hashes: Set<number> | undefined = new Set();
  #registers: Uint8Array | undefined;

  /** `exact`: up to how many; 10,000 unless given. 0: 16 KiB from the first on. */
  constructor(exact: number = exactUpTo) {
    this.#exactUpTo = exact;
  }

  /** `hash`: what `hash53` gives for a member. False: it changes nothing. */
  add(hash: number): boolean {
    if (this.#registers !== undefined) return addHash(this.#registers, hash);
    const before = this.#hashes!.size;
    this.#hashes!.add(hash);
    const { size } = this.#hashes!;
    if (size > this.#exactUpTo) this.#becomeLarge();
    return size > before;
  }

  /** Takes in all that another set holds. */
  merge(reading: UniqueReading): void {
    if ("hashes" in reading) {
      for (const hash of reading.hashes) this.add(hash);
      return;
    }
    const others = decodeRegisters(reading.registers);
    if (others !== undefined) this.#mergeRegisters(others);
  }

  /** Takes in all that another set of this process holds. */
  include(other: Distinct): void {
    if (other.#registers !== undefined) return this.#mergeRegisters(other.#registers);
    for (const hash of other.#hashes!) this.add(hash);
  }

  get size(): { readonly count: number; readonly isExact: boolean } {
    if (this.#registers === undefined) return { count: this.#hashes!.size, isExact: true };
    return { count: Math.round(estimateDistinct(this.#registers)), isExact: false };
  }

  get isEmpty(): boolean {
    return this.#hashes?.size === 0;
  }

  read(): UniqueReading {
    return this.#registers === undefined ? { hashes: [...this.#hashes!] } : { registers: encodeRegisters(this.#registers) };
  }

  #mergeRegisters(others: Uint8Array): void {
    const registers = this.#registers ?? this.#becomeLarge();
    for (const [index, rank] of others.entries()) if (rank > registers[index]!) registers[index] = rank;
  }

  #becomeLarge(): Uint8Array {
    const registers = createRegisters();
    for (const hash of this.#hashes!) addHash(registers, hash);
    this.#hashes = undefined;
    this.#registers = registers;
    return registers;
  }
}

/** How many distinct members there were: exact to 10,000, then at most some 2 % off. */
export function estimate(reading: UniqueReading): { readonly count: number; readonly isExact: boolean } {
  if ("hashes" in reading) return { count: reading.hashes.length, isExact: true };
  const registers = decodeRegisters(reading.registers);
  return { count: registers === undefined ? 0 : Math.round(estimateDistinct(registers)), isExact: false };
}
