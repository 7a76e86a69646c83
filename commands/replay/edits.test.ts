import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-edits-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function replay(record: object, ...args: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const file = join(folder, "record.json");
  writeFileSync(file, JSON.stringify(record));
  const program = startProgram(process.execPath, ["--conditions=source", "commands/replay.ts", "edits", file, ...args]);
  const [code] = (await once(program.child, "close")) as [number];
  return { code, lines: program.lines };
}

function summaryOf(lines: readonly string[]): object {
  return JSON.parse(lines.findLast((line) => line.startsWith("{")) ?? "{}") as object;
}

/** Two who write at once behind a common beginning; one edit changes nothing. */
const concurrent = {
  kind: "concurrent",
  startContent: "the end",
  endContent: "At the very end!",
  txns: [
    { patches: [[7, 0, "."]], agent: 0, parents: [] },
    { patches: [[0, 0, "At "]], agent: 1, parents: [] },
    { patches: [[3, 0, ""]], agent: 1, parents: [1] },
    {
      // In place of the other's full stop.
      patches: [
        [10, 1, "!"],
        [7, 0, "very "],
      ],
      agent: 1,
      parents: [0, 2],
    },
    { patches: [[16, 0, ""]], agent: 0, parents: [0, 3] },
  ],
};

test("a record of two who write at once ends with one text everywhere, what it began with included", async () => {
  const { code, lines } = await replay(concurrent);

  expect(summaryOf(lines)).toMatchObject({ transactions: 5, entries: 4, equalToEndContent: true, replicasEqual: true, cuts: 0 });
  expect(code).toBe(0);
});

test("a record whose text is another in the end is told, by its exit code too", async () => {
  const { code, lines } = await replay({ ...concurrent, endContent: "At the end!" });

  expect(summaryOf(lines)).toMatchObject({ equalToEndContent: false, replicasEqual: true });
  expect(code).toBe(1);
});

test("an edit that others have made before is told, and waited for by nobody", async () => {
  const txns = [
    { patches: [[0, 1, ""]], agent: 0, parents: [] },
    { patches: [[0, 1, ""]], agent: 1, parents: [] },
    { patches: [[0, 0, "o"]], agent: 0, parents: [0, 1] },
  ];

  const { code, lines } = await replay({ kind: "concurrent", startContent: "xn", endContent: "on", txns });

  expect(lines.at(-1)).toBe("replay: An edit has no entry: others have deleted the same before it came");
  expect(code).toBe(1);
});

test.for([
  [["--clients", "0"], "--clients must be a whole number from 1, not 0"],
  [["--cut", "2"], "--cut must be a number from 0 to 1, not 2"],
] as const)("%j is answered with one sentence and exit code 1", async ([args, sentence]) => {
  const { code, lines } = await replay(concurrent, ...args);

  expect(lines.join("\n")).toContain(`replay: ${sentence}`);
  expect(code).toBe(1);
});
