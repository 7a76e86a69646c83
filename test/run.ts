// `npm test`: runs all tests that this machine can run, says in one line which it left out, and ends with `N passed, N failed`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findServices, leftOutLine } from "./services.ts";

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

if (process.argv.includes("--help")) {
  console.log(
    "npm test [-- FILTER...]\nRuns all tests that this machine can run, or those whose path contains a filter; says what it left out. With CI=true nothing may be left out.",
  );
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "nexios-test-"));
const results = join(folder, "results.json");
const vitest = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");
const args = [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`, ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { stdio: "inherit", cwd: join(import.meta.dirname, "..") });
const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));

const strict = process.env["CI"] === "true";
const leftOut = leftOutLine(findServices());
const { passed, failed, skipped } = count();
const refused = strict && (leftOut !== undefined || skipped > 0);
if (leftOut !== undefined) console.log(leftOut);
if (refused) console.log("With CI=true nothing may be left out or skipped.");
console.log(`${passed} passed, ${failed} failed`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = code !== 0 || failed > 0 || refused ? 1 : 0;

/** What did not even load counts as one failure. */
function count(): { passed: number; failed: number; skipped: number } {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(readFileSync(results, "utf8")) as Results;
    return { passed: numPassedTests, failed: success ? 0 : Math.max(1, numFailedTests), skipped: numPendingTests + numTodoTests };
  } catch {
    // Vitest ended before it wrote its results, and has said why.
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
