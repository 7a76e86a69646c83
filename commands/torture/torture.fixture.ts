import { startProgram } from "../../test/child-process.ts";

/** The command, with a folder for temporary files of its own. */
export function startTorture(folder: string, ...args: readonly string[]): ReturnType<typeof startProgram> {
  return startProgram(process.execPath, ["--conditions=source", "commands/torture.ts", ...args], { TMPDIR: folder });
}

/** Its end, and what it has said. */
export async function runTorture(folder: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const { ended, lines } = startTorture(folder, ...args);
  return { code: await ended, lines };
}

/** The object of its last line. */
export function summaryOf(lines: readonly string[]): Record<string, number> {
  return JSON.parse(lines.findLast((line) => line.startsWith("{")) ?? "{}") as Record<string, number>;
}

/** The processes that were named, and still run. */
export function survivors(lines: readonly string[]): readonly number[] {
  const pids = lines.flatMap((line) => [...(/processes ([\d, ]+)/.exec(line)?.[1]?.split(", ") ?? [])]);
  return [...new Set(pids)].map(Number).filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
}
