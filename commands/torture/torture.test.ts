import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findingKinds } from "./findings.ts";
import { runTorture, startTorture, summaryOf, survivors } from "./torture.fixture.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-torture-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("help says how it is used, and what it looks for", async () => {
  const { code, lines } = await runTorture(folder, "--help");

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
  [["--members", "4"], "torture: --members must be a whole number from 5, not 4"],
  [["--nope"], "torture: Unknown option '--nope'"],
] as const)("%j is answered with one sentence and exit code 1", async ([args, sentence]) => {
  const { code, lines } = await runTorture(folder, ...args);

  expect(code).toBe(1);
  expect(lines[0]).toContain(sentence);
});

test("after kills and cuts the file has what clients were told, and they have what it has", { timeout: 150_000 }, async () => {
  const { code, lines } = await runTorture(folder, "rooms", "--minutes", "0.1");
  const summary = summaryOf(lines);

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
  const program = startTorture(folder, "--minutes", "5");
  await program.line(/cutting and killing; [1-9]/);

  const code = await program.stop("SIGINT");

  expect(code).toBe(1);
  expect(program.lines.at(-1)).toBe("torture: it was ended");
  expect([survivors(program.lines), readdirSync(folder)]).toEqual([[], []]);
});
