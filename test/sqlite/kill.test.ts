import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram } from "../child-process.ts";
import { judge } from "./judge.ts";

const kills = Number(process.env["NEXIOS_KILLS"] ?? 8);

test("what was acknowledged is in the log after kill -9, once, however often it was sent and whatever was trimmed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexios-kill-"));
  const [database, journal] = [join(folder, "log.db"), join(folder, "journal")];
  writeFileSync(journal, "");

  // On a busy machine it takes more rounds until enough is promised.
  for (let round = 0; round < kills || readFileSync(journal, "utf8").split("\n").length <= 102; round++) {
    const program = startProgram(process.execPath, [
      "--conditions=source",
      "test/sqlite/callers.ts",
      database,
      journal,
      "64",
      round % 2 === 0 ? "full" : "normal",
    ]);
    await program.line(/ready/);
    // A random moment is the point here: it is no wait for something to be done.
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150));
    await program.stop("SIGKILL");
  }
  const verdict = judge(database, journal);
  rmSync(folder, { recursive: true });

  expect(verdict).toMatchObject({ lost: 0, doubled: 0, holes: 0, miscounted: 0, secrets: 0 });
  expect(verdict.acknowledged).toBeGreaterThan(100);
  expect(verdict.trimmed).toBeGreaterThan(0);
}, 600_000);
