import { setTimeout } from "node:timers/promises";
import { CrashCount } from "../../demo/server/crash-count.ts";

/** What is to be kept running. */
export interface RevivedOptions {
  readonly name: string;
  /** Starts it again; rejects when it could not. */
  readonly start: () => Promise<unknown>;
  /** From then on it stays dead. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /** It dies too often, or does not start any more. */
  readonly onFailure: (failure: Error) => void;
}

const tries = 10;

/** Gives what is to be called each time that it has died. */
export function createReviver({ name, start, signal, onProgress, onFailure }: RevivedOptions): () => void {
  const crashes = new CrashCount();
  const startAgain = async (left: number): Promise<void> => {
    try {
      await start();
    } catch (error) {
      if (signal.aborted) return;
      if (left === 0) throw error;
      // What of the old one is not gone yet may be in its way.
      await setTimeout(500);
      await startAgain(left - 1);
    }
  };
  return () => {
    if (signal.aborted) return;
    if (crashes.isLoop(performance.now())) {
      onFailure(new Error(`${name} has died ${crashes.times} times within ${crashes.withinMs / 1_000} s`));
      return;
    }
    onProgress(`${name} has ended: it is started again`);
    startAgain(tries).catch(onFailure);
  };
}
