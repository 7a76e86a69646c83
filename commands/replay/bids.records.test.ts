import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";
import { recordsFolder } from "../../test/services.ts";

test("recorded auctions end on a real server as they did, seen and hidden, but for those with a reserve", { timeout: 400_000 }, async () => {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/replay.ts", "bids", join(recordsFolder, "ebay-bids.csv")]);

  const [code] = (await once(program.child, "close")) as [number];
  const { unexplained, ...summary } = JSON.parse(program.lines.findLast((line) => line.startsWith("{")) ?? "{}") as {
    readonly unexplained: readonly { readonly auction: string; readonly reason: string }[];
  };

  expect(summary).toEqual({
    auctions: 305,
    seen: 297,
    hidden: 248,
    hiddenOf: 248,
    explained: { fullStep: 235, winnersMaximum: 37, tie: 12, opening: 13 },
  });
  expect(unexplained.map(({ auction }) => auction)).toEqual(["lot-18", "lot-86", "lot-89", "lot-127", "lot-132", "lot-202", "lot-407", "lot-452"]);
  expect(unexplained.filter(({ reason }) => reason !== "RESERVE_OR_REMOVED")).toEqual([]);
  expect(code).toBe(0);
});
