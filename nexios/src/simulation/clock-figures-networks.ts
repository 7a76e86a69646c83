import type { Random } from "./random.ts";

/** How long a message is under way each way, in milliseconds, at a moment of the run. */
export interface ClockNetwork {
  readonly name: string;
  up(random: Random, at: number): number;
  down(random: Random, at: number): number;
}

/** The networks that the client's clock is measured on. */
export const clockNetworks: readonly ClockNetwork[] = [
  sameBothWays("wired", (random) => 15 + exponential(random, 2)),
  sameBothWays("mobile", (random) => 40 + exponential(random, 30) + (random.chance(0.05) ? 300 : 0)),
  sameBothWays("uniform", (random) => 20 + 280 * random.next()),
  { name: "asymmetric", up: (random) => 60 + exponential(random, 2), down: (random) => 20 + exponential(random, 2) },
  { name: "bufferbloat", up: (random) => 20 + exponential(random, 4), down: (random, at) => 20 + exponential(random, 4) + (isBloated(at) ? 250 : 0) },
];

const bloatMs = 20_000;

/** Somebody else on the line loads something for a third of the time. */
function isBloated(at: number): boolean {
  return Math.floor(at / bloatMs) % 3 === 2;
}

function sameBothWays(name: string, delay: (random: Random) => number): ClockNetwork {
  return { name, up: delay, down: delay };
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}
