import type { Scheduler } from "./scheduler.ts";

/** Lets virtual time pass until the promise has settled, and gives what it came to. */
export async function drive<Value>(scheduler: Scheduler, running: Promise<Value>): Promise<Value> {
  let isOver = false;
  const end = (): void => void (isOver = true);
  running.then(end, end);
  await scheduler.runUntil(() => isOver, 600_000);
  if (!isOver) throw new Error("Nothing is left to happen, and it has not settled");
  return running;
}
