import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventsFindings } from "./events-findings.ts";
import { startTorture, summaryOf } from "./torture.fixture.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-torture-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("after kills each event that was written is handled, in the order of its key", { timeout: 150_000 }, async () => {
  const { ended, lines } = startTorture(folder, "events", "--minutes", "0.1");

  const code = await ended;
  const summary = summaryOf(lines);

  expect(summary).toMatchObject(Object.fromEntries(Object.keys(eventsFindings).map((kind) => [kind, 0])));
  expect(summary["kills"]).toBeGreaterThan(0);
  expect(summary["events"]).toBeGreaterThan(0);
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test("a run that is interrupted leaves no folder behind", { timeout: 60_000 }, async () => {
  const program = startTorture(folder, "events", "--minutes", "5");
  await program.line(/writing; 0 kills/);

  const code = await program.stop("SIGINT");

  expect(code).toBe(1);
  expect(program.lines.at(-1)).toBe("torture: it was ended");
  expect(readdirSync(folder)).toEqual([]);
});
