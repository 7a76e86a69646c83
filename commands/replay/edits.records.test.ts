import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";
import { recordsFolder } from "../../test/services.ts";

interface Replayed {
  readonly code: number;
  readonly summary: { readonly cuts: number; readonly storedBytes: number };
}

async function replay(...args: readonly string[]): Promise<Replayed> {
  const file = join(recordsFolder, "trace-friendsforever.json.gz");
  const program = startProgram(process.execPath, ["--conditions=source", "commands/replay.ts", "edits", file, ...args]);
  const [code] = (await once(program.child, "close")) as [number];
  return { code, summary: JSON.parse(program.lines.findLast((line) => line.startsWith("{")) ?? "{}") as Replayed["summary"] };
}

test("two who wrote at once end with the recorded text on each client, a fresh one and the server, with and without cuts", { timeout: 120_000 }, async () => {
  const [whole, cut] = [await replay(), await replay("--cut", String(1 / 300))];

  for (const { code, summary } of [whole, cut]) {
    expect(summary).toMatchObject({ transactions: 26_078, equalToEndContent: true, replicasEqual: true });
    expect(code).toBe(0);
    // Each edit takes some bytes, and none thousands.
    const bytesPerEdit = summary.storedBytes / 26_078;
    expect(bytesPerEdit).toBeGreaterThan(1);
    expect(bytesPerEdit).toBeLessThan(200);
  }
  expect(whole.summary.cuts).toBe(0);
  expect(cut.summary.cuts).toBeGreaterThan(20);
});
