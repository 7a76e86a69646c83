import { Distinct, hash53 } from "nexios/metrics";
import type { PeopleCount } from "./contract.ts";
import { startOf } from "./time.ts";

/** A window is put together of so many parts, where the number is an estimate. */
const parts = 30;
const betweenLooksMs = 1_000;

/** Who had an event in the last so many milliseconds: exact up to a limit, to the millisecond; then an estimate over parts of the window. Bounded whoever comes. */
export class VisitorWindow {
  readonly #windowMs: number;
  readonly #limit: number;
  readonly #seenAt = new Map<string, number>();
  readonly #sketches = new Map<number, Distinct>();
  /** Until then somebody who was turned away may still be in the window. */
  #inexactUntil = -Infinity;
  #forgottenAt = -Infinity;

  constructor(windowMs: number, limit: number) {
    this.#windowMs = windowMs;
    this.#limit = limit;
  }

  /** A visitor had an event at a time, which may be before others that were told. */
  add(visitor: string, at: number, now: number): void {
    if (at <= now - this.#windowMs) return;
    this.#sketch(at).add(hash53(visitor));
    const seenAt = this.#seenAt.get(visitor);
    if (seenAt !== undefined && seenAt >= at) return;
    // All are looked at, and so not at each event.
    if (seenAt === undefined && this.#seenAt.size >= this.#limit && now - this.#forgottenAt >= betweenLooksMs) this.#forget(now);
    if (seenAt === undefined && this.#seenAt.size >= this.#limit) {
      this.#inexactUntil = Math.max(this.#inexactUntil, at + this.#windowMs);
      return;
    }
    this.#seenAt.set(visitor, at);
  }

  /** The clock has gone back by so much: all that is known moves back with it. */
  moveBack(ms: number): void {
    this.#inexactUntil -= ms;
    this.#forgottenAt -= ms;
    for (const [visitor, at] of this.#seenAt) this.#seenAt.set(visitor, at - ms);
    const sketches = [...this.#sketches];
    this.#sketches.clear();
    for (const [at, sketch] of sketches) this.#sketch(at - ms).include(sketch);
  }

  count(now: number): PeopleCount {
    this.#forget(now);
    if (now >= this.#inexactUntil) return { count: this.#seenAt.size, isExact: true };
    const all = new Distinct(0);
    for (const sketch of this.#sketches.values()) all.include(sketch);
    return { count: Math.max(all.size.count, this.#seenAt.size), isExact: false };
  }

  #sketch(at: number): Distinct {
    const start = startOf(at, this.#windowMs / parts);
    const known = this.#sketches.get(start);
    if (known !== undefined) return known;
    const sketch = new Distinct(0);
    this.#sketches.set(start, sketch);
    return sketch;
  }

  #forget(now: number): void {
    this.#forgottenAt = now;
    const since = now - this.#windowMs;
    for (const start of this.#sketches.keys()) if (start + this.#windowMs / parts <= since) this.#sketches.delete(start);
    for (const [visitor, at] of this.#seenAt) if (at <= since) this.#seenAt.delete(visitor);
  }
}
