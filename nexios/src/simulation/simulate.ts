import type { ServedRoom } from "../contract/served-room.ts";
import { Cluster } from "./cluster.ts";
import { createRandom } from "./random.ts";
import { World } from "./simulated-world.ts";
import { watchErrors } from "./verdict.ts";

/** How a simulation runs. */
export interface SimulateOptions {
  /** Processes that share the rooms; 2 unless given. */
  readonly processes?: number;
  /** How many worlds; 20 unless given. */
  readonly seeds?: number;
  /** The first seed; 1 unless given. */
  readonly from?: number;
  /** False: nothing goes wrong but what the test does itself. Otherwise links break, the broker loses, stores fail and processes die, as the seed says. */
  readonly faults?: boolean;
}

const optionNames: ReadonlySet<string> = new Set<keyof SimulateOptions>(["processes", "seeds", "from", "faults"]);

/** A test that waits longer than that waits for something that never comes. */
const mostMs = 3_600_000;

/**
 * Runs a test of rooms in one world after another, each a cluster with its clients under a virtual clock: `simulate([lots], { seeds: 100 }, async (world) => { ... })`.
 * What the test awaits is brought about by the world: calls, `run` and `settle`. The same seed gives the same run.
 * @throws TypeError for an option that is none; Error for the first seed that fails, with its number, how to replay it, and the failure as `cause`.
 */
export async function simulate(rooms: readonly ServedRoom[], options: SimulateOptions, test: (world: World) => Promise<void>): Promise<void> {
  for (const name of Object.keys(options)) {
    if (!optionNames.has(name)) throw new TypeError(`There is no option "${name}": the options are ${[...optionNames].join(", ")}`);
  }
  const { processes = 2, seeds = 20, from = 1, faults = true } = options;
  for (const [name, value] of Object.entries({ processes, seeds, from })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`${name} must be a whole number from 1, not ${value}`);
  }
  for (let seed = from; seed < from + seeds; seed++) {
    const random = createRandom(seed);
    const cluster = new Cluster({ random: random.fork("cluster"), processes, rooms: rooms.map((room) => [room]) });
    try {
      cluster.start();
      await runWorld(cluster, new World(cluster, random, faults), test);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      // What the rooms' own code threw says more than the reply that it led to.
      const thrown = cluster.findings.violations.map(({ rule, what }) => `${rule}: ${what}`).filter((line) => !message.includes(line));
      const lines = [`Seed ${seed} fails; replay it alone with { from: ${seed}, seeds: 1 }`, message, ...thrown];
      throw new Error(lines.join("\n"), { cause });
    } finally {
      cluster.close();
    }
  }
}

async function runWorld({ scheduler, findings }: Cluster, world: World, test: (world: World) => Promise<void>): Promise<void> {
  await watchErrors(findings, async () => {
    let isOver = false;
    const end = (): void => void (isOver = true);
    const running = test(world);
    running.then(end, end);
    await scheduler.runUntil(() => isOver, mostMs);
    if (!isOver) throw new Error("The test has not ended after a virtual hour: it waits for something that never comes");
    await running;
  });
  const [violation] = findings.violations;
  if (violation !== undefined) throw new Error(`${violation.rule}: ${violation.what}`);
}
