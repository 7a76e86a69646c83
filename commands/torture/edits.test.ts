import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { editsFindings } from "./edits-findings.ts";
import { startTorture, summaryOf } from "./torture.fixture.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-torture-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test.for([
  [["--clients", "0"], "torture: --clients must be a whole number from 1, not 0"],
  [["--rate", "many"], "torture: --rate must be a whole number from 1, not many"],
  [["--kills", "0.5"], "torture: --kills must be a whole number from 0, not 0.5"],
] as const)("%j is answered with one sentence and exit code 1", async ([args, sentence]) => {
  const { ended, lines } = startTorture(folder, "edits", ...args);

  const code = await ended;

  expect(code).toBe(1);
  expect(lines[0]).toContain(sentence);
});

test("what was acknowledged before a kill is in the file after it, and everybody ends with one text", { timeout: 150_000 }, async () => {
  const { ended, lines } = startTorture(folder, "edits", "--minutes", "0.1", "--kills", "3");

  const code = await ended;
  const summary = summaryOf(lines);

  expect(summary).toMatchObject(Object.fromEntries(Object.keys(editsFindings).map((kind) => [kind, 0])));
  expect(summary).toMatchObject({ clients: 5, kills: 3 });
  expect(summary["acknowledged"]).toBeGreaterThanOrEqual(summary["edits"] ?? Infinity);
  expect(summary["packs"]).toBeGreaterThan(0);
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test("a run that is interrupted leaves no folder behind", { timeout: 60_000 }, async () => {
  const program = startTorture(folder, "edits", "--minutes", "5");
  await program.line(/typing; 0 kills/);

  const code = await program.stop("SIGINT");

  expect(code).toBe(1);
  expect(program.lines.at(-1)).toBe("torture: it was ended");
  expect(readdirSync(folder)).toEqual([]);
});
