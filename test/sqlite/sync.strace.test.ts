import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram } from "../child-process.ts";

/** Counts syncs of the write-ahead log, and appends to the journal, in the order in which the system saw them. */
async function trace(synchronous: "full" | "normal"): Promise<{ readonly syncs: number; readonly unsynced: number; readonly replies: number }> {
  const folder = mkdtempSync(join(tmpdir(), "nexios-sync-"));
  const [database, journal, output] = [join(folder, "log.db"), join(folder, "journal"), join(folder, "trace")];
  writeFileSync(journal, "");
  const node = [process.execPath, "--conditions=source", "test/sqlite/callers.ts", database, journal, "1", synchronous, "30"];
  const program = startProgram("strace", ["-f", "-y", "-e", "trace=fdatasync,fsync,write,pwrite64", "-o", output, ...node]);
  await program.ended;
  const lines = readFileSync(output, "utf8").split("\n");
  rmSync(folder, { recursive: true, force: true });

  let [syncs, unsynced, replies, dirty] = [0, 0, 0, false];
  for (const line of lines) {
    if (/pwrite64\(.*log\.db-wal>/.test(line)) dirty = true;
    else if (/f(data)?sync\(.*log\.db-wal>/.test(line)) {
      syncs++;
      dirty = false;
    } else if (/write\(.*journal>/.test(line)) {
      replies++;
      if (dirty) unsynced++;
    }
  }
  return { syncs, unsynced, replies };
}

test("by default the disk has an append before its caller is answered", async () => {
  const { syncs, unsynced, replies } = await trace("full");

  expect(replies).toBeGreaterThanOrEqual(29);
  expect(syncs).toBeGreaterThanOrEqual(replies);
  expect(unsynced).toBe(0);
});

test("with `normal` it is answered before the disk has it", async () => {
  const { unsynced, replies } = await trace("normal");

  expect(unsynced).toBeGreaterThan(replies / 2);
});
