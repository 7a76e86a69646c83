import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether what a run has written is kept, and what ends it. */
interface FolderOptions {
  /** Keeps the folder even if nothing is wrong. */
  readonly keeps: boolean;
  readonly signal: AbortSignal;
}

/** Gives a run a folder of its own, which is gone when the run ends, unless something is wrong. @throws Error for a run that did not come to its end, with the folder that tells why */
export async function inKeptFolder<Run extends { readonly isBroken: boolean }>(
  { keeps, signal }: FolderOptions,
  run: (folder: string) => Promise<Run>,
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "nexios-torture-"));
  let isWorthKeeping = keeps;
  try {
    const ended = await run(folder);
    isWorthKeeping ||= ended.isBroken;
    return ended;
  } catch (cause) {
    isWorthKeeping ||= !signal.aborted;
    if (signal.aborted) throw new Error("it was ended", { cause });
    throw new Error(`it did not come to its end, see ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  } finally {
    if (!isWorthKeeping) rmSync(folder, { recursive: true });
  }
}
