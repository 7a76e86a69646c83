import type { Cluster } from "./cluster.ts";
import type { SimulatedProcess } from "./process.ts";
import { watchErrors } from "./verdict.ts";

/** A run of its own, on a cluster that it was given. */
export interface Played {
  play(): Promise<void>;
  /** Hears of each kill of a process. */
  noteKills(process: SimulatedProcess): void;
}

/** What waits longer waits for something that never comes. */
const mostMs = 3_600_000;

/** Plays a run to its end under virtual time, and closes its cluster; what it throws is a finding, where there is no other. */
export async function playToEnd(cluster: Cluster, run: Played): Promise<void> {
  const { scheduler, findings } = cluster;
  try {
    cluster.start();
    for (const process of cluster.processes) run.noteKills(process);
    await watchErrors(findings, async () => {
      let isOver = false;
      const running = run.play();
      running.then(
        () => (isOver = true),
        () => (isOver = true),
      );
      await scheduler.runUntil(() => isOver, mostMs);
      if (!isOver) throw new Error("The run has not ended after a virtual hour");
      await running;
    });
  } catch (error) {
    if (findings.violations.length === 0) findings.report("errors", error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    cluster.close();
  }
}
