import { type LotTimes, step } from "./auction-lot.ts";

/**
 * Price, leader and end of the lot once more, from nothing but who bid how much and when: by the closed form of the highest and the second highest maximum, and none of the
 * rules' own code.
 */
export class SecondOpinion {
  leader = "";
  price = 0;
  closesAt: number;
  readonly #windowMs: number;
  readonly #maxima = new Map<string, number>();

  constructor({ closesAt, windowMs }: Pick<LotTimes, "closesAt" | "windowMs">) {
    this.closesAt = closesAt;
    this.#windowMs = windowMs;
  }

  /** False for a bid that came too late. */
  bid(bidder: string, maximum: number, at: number): boolean {
    const isInTime = at < this.closesAt;
    const isRival = bidder !== this.leader;
    if (maximum > (this.#maxima.get(bidder) ?? 0)) {
      // Behind all others who would pay as much.
      this.#maxima.delete(bidder);
      this.#maxima.set(bidder, maximum);
    }
    let [best, second] = [0, 0];
    for (const [who, most] of this.#maxima) {
      if (most > best) {
        [second, best] = [best, most];
        this.leader = who;
      } else if (most > second) second = most;
    }
    this.price = Math.max(step, second === 0 ? step : Math.min(best, second + step));
    if (isRival && at >= this.closesAt - this.#windowMs) this.closesAt = Math.max(this.closesAt, at + this.#windowMs);
    return isInTime;
  }

  /** Nobody could bid until then. */
  outage(at: number): void {
    this.closesAt = Math.max(this.closesAt, at + this.#windowMs);
  }
}
