import type { Cancel } from "../world/clock.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";
import type { FaultStep } from "./step.ts";

/** Lets things go wrong from time to time, of themselves, each of which ends by itself. */
export class BackgroundFaults {
  readonly #stage: Stage;
  readonly #random: Random;
  /** Processes that it has killed and not started again. */
  readonly #killed = new Set<number>();
  #cancel: Cancel | undefined;

  constructor(stage: Stage, random: Random) {
    this.#stage = stage;
    this.#random = random;
  }

  start(): void {
    const { scheduler } = this.#stage.cluster;
    this.#cancel = scheduler.after(this.#random.between(100, 2_000), () => {
      this.#strike();
      this.start();
    });
  }

  /** Nothing more goes wrong, and what it has killed starts again. */
  stop(): void {
    this.#cancel?.();
    for (const process of this.#killed) this.#restart(process);
    this.#stage.easeLinks();
  }

  #strike(): void {
    const random = this.#random;
    const { cluster, devices } = this.#stage;
    const device = random.integer(Math.max(1, devices.length));
    const disk = random.chance(0.5) ? "durable" : "volatile";
    const strikes: readonly (() => FaultStep | undefined)[] = [
      () => ({ kind: "cut", device }),
      () => ({ kind: "slow", device, bytesPerSecond: random.pick([200, 5_000]) }),
      () => ({ kind: "fast", device }),
      () => ({
        kind: "broker-lossy",
        ms: random.between(100, 2_000),
        lose: random.pick([0.1, 0.5, 1]),
        double: 0.1,
        reorder: 0.1,
        delayMs: random.pick([0, 200]),
      }),
      () => ({ kind: "broker-away", ms: random.between(50, 2_000) }),
      () => ({ kind: "disk-failing", disk, ms: random.between(10, 500) }),
      () => ({ kind: "disk-slow", disk, ms: random.between(100, 2_000), factor: random.pick([5, 40]) }),
      () => ({ kind: "stall", process: random.integer(cluster.processes.length), ms: random.between(50, 1_500) }),
      () => this.#kill(),
    ];
    const step = random.pick(strikes)();
    if (step !== undefined) this.#stage.play({ ...step, at: cluster.scheduler.now });
  }

  /** Never the last one that lives. */
  #kill(): FaultStep | undefined {
    const alive = this.#stage.cluster.processes.filter(({ isOffered }) => isOffered);
    if (alive.length < 2) return undefined;
    const { number } = this.#random.pick(alive);
    this.#killed.add(number);
    this.#stage.cluster.scheduler.after(this.#random.between(100, 3_000), () => this.#restart(number));
    return { kind: "kill", process: number };
  }

  #restart(process: number): void {
    if (this.#killed.delete(process)) this.#stage.play({ kind: "restart", process, at: this.#stage.cluster.scheduler.now });
  }
}
