import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";
import { recordsFolder } from "../../test/services.ts";

const file = join(recordsFolder, "access-log.gz");

/** The summary, counted in another way than the server does: by splitting lines at blanks and quotes, without SQL. */
function countByHand(): object {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  const addresses = new Set<string>();
  const status: Record<string, number> = {};
  const minutes = new Map<string, number>();
  const paths = new Map<string, number>();
  for (const line of lines) {
    const [beforeQuote = "", request = "", afterQuote = ""] = line.split('"');
    const code = afterQuote.trim().split(" ")[0] ?? "";
    // To the minute, in the one time zone that this log has.
    const minute = beforeQuote.slice(beforeQuote.indexOf("[") + 1, beforeQuote.indexOf("[") + 18);
    const path = request.split(" ")[1]?.split("?")[0] ?? "";
    addresses.add(line.slice(0, line.indexOf(" ")));
    status[code] = (status[code] ?? 0) + 1;
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    paths.set(path, (paths.get(path) ?? 0) + 1);
  }
  const [topPath, topPathCount] = [...paths].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0] ?? [];
  return {
    requests: lines.length,
    addresses: addresses.size,
    status,
    minutes: minutes.size,
    peakPerMinute: Math.max(...minutes.values()),
    topPath,
    topPathCount,
  };
}

test("the replay of a recorded log ends with what a count by hand says", async () => {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/replay.ts", "activity", file]);

  const [code] = (await once(program.child, "close")) as [number];

  expect(code).toBe(0);
  expect(JSON.parse(program.lines.at(-1) ?? "")).toEqual(countByHand());
});
