import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { auctionFindings } from "./auction-findings.ts";
import { startTorture, summaryOf, survivors } from "./torture.fixture.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-torture-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test.for([
  [["--bidders", "some"], "torture: --bidders must be a whole number from 1, not some"],
  [["--rate", "0"], "torture: --rate must be a whole number from 1, not 0"],
  [["--kills", "-1"], "torture: Option '--kills' argument is ambiguous."],
  [["--kills", "1.5"], "torture: --kills must be a whole number from 0, not 1.5"],
  [["--minutes", "0"], "torture: --minutes must be a number above 0, not 0"],
] as const)("%j is answered with one sentence and exit code 1", async ([args, sentence]) => {
  const { ended, lines } = startTorture(folder, "auction", ...args);

  const code = await ended;

  expect(code).toBe(1);
  expect(lines[0]).toContain(sentence);
});

test("a lot whose server is killed among its bids is what its bids make of it, and all bidders have seen the same", { timeout: 150_000 }, async () => {
  const { ended, lines } = startTorture(folder, "auction", "--minutes", "0.07", "--bidders", "60", "--rate", "600", "--kills", "1");

  const code = await ended;
  const summary = summaryOf(lines);

  expect(summary).toMatchObject(Object.fromEntries(Object.keys(auctionFindings).map((kind) => [kind, 0])));
  expect(summary).toMatchObject({ bidders: 60, kills: 1 });
  expect(summary["accepted"]).toBeGreaterThan(0);
  expect(summary["refused"]).toBeGreaterThan(0);
  expect(summary["resent"]).toBeGreaterThan(0);
  expect(summary["extensions"]).toBeGreaterThan(0);
  expect(summary["acknowledged"]).toBeGreaterThanOrEqual((summary["accepted"] ?? 0) - (summary["unknown"] ?? 0));
  expect(lines[0]).toContain("torture: lifted limits: { connectionsPerAddress: Infinity");
  expect(code).toBe(0);
  expect([survivors(lines), readdirSync(folder)]).toEqual([[], []]);
});

test("a run that is interrupted leaves no process and no folder behind", { timeout: 60_000 }, async () => {
  const program = startTorture(folder, "auction", "--minutes", "5", "--bidders", "20", "--rate", "100");
  await program.line(/bidding; 0 kills/);

  const code = await program.stop("SIGINT");

  expect(code).toBe(1);
  expect(program.lines.at(-1)).toBe("torture: it was ended");
  expect([survivors(program.lines), readdirSync(folder)]).toEqual([[], []]);
});
