import type { Random } from "./random.ts";

/** How long to wait before one more try, in milliseconds: anything up to a bound that doubles with each failure ("full jitter"). */
export function backoffMs(failures: number, random: Random): number {
  return random.next() * Math.min(mostMs, firstMs * 2 ** failures);
}

const firstMs = 500;
const mostMs = 4_000;
