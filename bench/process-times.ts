import { readdir, readFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";

/** So many of the kernel's units are a second. */
const perSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

interface Times {
  readonly parent: number;
  /** Its own, and those of its children that have ended, in seconds. */
  readonly seconds: number;
}

/** Seconds of processor time that a process has used, with all that it has started. */
export async function processSeconds(pid: number): Promise<number> {
  const all = new Map<number, Times>();
  for (const name of await readdir("/proc")) {
    const times = /^\d+$/.test(name) ? await timesOf(name) : undefined;
    if (times !== undefined) all.set(Number(name), times);
  }
  const sum = (root: number): number => {
    const children = [...all].filter(([, { parent }]) => parent === root);
    return (all.get(root)?.seconds ?? 0) + children.reduce((total, [child]) => total + sum(child), 0);
  };
  return sum(pid);
}

async function timesOf(pid: string): Promise<Times | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // A name may have spaces and brackets in it.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const ticks = [11, 12, 13, 14].reduce((total, index) => total + (fields[index] ?? 0), 0);
    return { parent: fields[1] ?? 0, seconds: ticks / perSecond };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
