import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";
import { findingKinds } from "./findings.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-torture-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The command, with a folder for temporary files of its own. */
function start(...args: readonly string[]): ReturnType<typeof startProgram> {
  return startProgram(process.execPath, ["--conditions=source", "commands/torture.ts", ...args], { TMPDIR: folder });
}

async function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const { ended, lines } = start(...args);
  return { code: await ended, lines };
}

/** The processes that were named, and still run. */
function survivors(lines: readonly string[]): readonly number[] {
  const pids = lines.flatMap((line) => [...(/processes ([\d, ]+)/.exec(line)?.[1]?.split(", ") ?? [])]);
  return [...new Set(pids)].map(Number).filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
}

test("help says how it is used, and what it looks for", async () => {
  const { code, lines } = await run("--help");

  expect(code).toBe(0);
  expect(lines[0]).toBe("npm run torture -- [NAME] --minutes N");
  expect(lines.join("\n")).toContain("acknowledgedLost");
});

test.for([
  [["walls"], "npm run torture -- [NAME] --minutes N"],
  [["rooms", "rooms"], "npm run torture -- [NAME] --minutes N"],
  [["--minutes", "soon"], "torture: --minutes must be a number above 0, not soon"],
  [["--minutes", "0"], "torture: --minutes must be a number above 0, not 0"],
  [["--processes", "some"], "torture: --processes must be a whole number from 1, not some"],
  [["--processes", "2"], "torture: --processes can only be 1: one process owns a database of SQLite, and there is no other store yet"],
  [["--nope"], "torture: Unknown option '--nope'"],
] as const)("%j is answered with one sentence and exit code 1", async ([args, sentence]) => {
  const { code, lines } = await run(...args);

  expect(code).toBe(1);
  expect(lines[0]).toContain(sentence);
});

test("after kills and cuts the file has what clients were told, and they have what it has", { timeout: 150_000 }, async () => {
  const { code, lines } = await run("rooms", "--minutes", "0.1");
  const last = lines.findLast((line) => line.startsWith("{")) ?? "";
  const summary = JSON.parse(last) as Record<string, number>;

  expect(summary).toMatchObject(Object.fromEntries(Object.keys(findingKinds).map((kind) => [kind, 0])));
  expect(summary["kills"]).toBeGreaterThan(1);
  expect(summary["cuts"]).toBeGreaterThan(0);
  expect(summary["entries"]).toBeGreaterThan(0);
  expect(summary["sentTwice"]).toBeGreaterThan(0);
  expect(summary["members"]).toBeGreaterThanOrEqual(48);
  expect(code).toBe(0);
  expect([survivors(lines), readdirSync(folder)]).toEqual([[], []]);
});

test("a run that is interrupted leaves no process and no folder behind", { timeout: 60_000 }, async () => {
  const program = start("--minutes", "5");
  await program.line(/cutting and killing; [1-9]/);

  const code = await program.stop("SIGINT");

  expect(code).toBe(1);
  expect(program.lines.at(-1)).toBe("torture: it was ended");
  expect([survivors(program.lines), readdirSync(folder)]).toEqual([[], []]);
});
