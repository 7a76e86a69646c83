// How good the server's clock is that clients show, on five networks, in simulated hours.
import { parseArgs } from "node:util";
import { measureClock, type ClockFigures } from "../nexios/src/simulation/clock-figures.ts";
import { clockNetworks } from "../nexios/src/simulation/clock-figures-networks.ts";
import { rounded, say } from "./measure.ts";

const { values } = parseArgs({ options: { hours: { type: "string", default: "10" }, seed: { type: "string", default: "1" } } });
const hours = Number(values.hours);
const seed = Number(values.seed);
/** Settled p99 in ms, and the longest healing. */
const goals: Readonly<Record<string, number>> = { wired: 5, mobile: 15 };
const healingGoalMs = 2_000;

say(`${hours} simulated hours each, seed ${seed}; ms. In brackets: until within 50 ms for good, median and longest`);
say("network       p50    p99   bound   outside   right after 5 min of sleep   after a step of 37 s     after the start");
const networks: Record<string, ClockFigures> = {};
let isGood = true;
for (const network of clockNetworks) {
  const figures = await measureClock({ network, seed, hours });
  const { p50, p99, bound, outOfBound, start, sleep, step } = figures;
  networks[network.name] = round(figures);
  const numbers = [p50.toFixed(1).padStart(5), p99.toFixed(1).padStart(6), bound.toFixed(1).padStart(7), String(outOfBound).padStart(9)];
  say(`${network.name.padEnd(12)}${numbers.join(" ")}   ${[sleep, step, start].map(toText).join("     ")}`);
  const healedMs = Math.max(sleep.bounded[1], step.bounded[1]);
  isGood &&= outOfBound === 0 && healedMs < healingGoalMs && p99 < (goals[network.name] ?? Infinity);
}
console.log(JSON.stringify({ hours, seed, networks, goals, healingGoalMs, isGood, node: process.version }));
if (!isGood) process.exitCode = 1;

function toText({ bounded, exact }: ClockFigures["sleep"]): string {
  return `${bounded.map((ms) => ms.toFixed(0)).join("-")} (${exact.map((ms) => ms.toFixed(0)).join("-")})`.padEnd(22);
}

/** The result carries no more digits than it deserves. */
function round(figures: ClockFigures): ClockFigures {
  return JSON.parse(JSON.stringify(figures), (_key, value: unknown) => (typeof value === "number" ? rounded(value) : value)) as ClockFigures;
}
