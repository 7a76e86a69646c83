import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEditTrace } from "./edit-trace.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-trace-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(record: unknown, name = "record.json"): string {
  const [file, text] = [join(folder, name), JSON.stringify(record)];
  writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text);
  return file;
}

/** A letter at the beginning. */
const patches = [[0, 0, "a"]];

test("a record of one writer is played in turns of 500, each edit behind all before it", async () => {
  const file = write({ startContent: "b", endContent: "", txns: Array.from({ length: 1_001 }, () => ({ patches })) });

  const { agents, edits, startContent } = await readEditTrace(file, 2);

  expect([agents, startContent]).toEqual([2, "b"]);
  expect([0, 499, 500, 999, 1_000].map((index) => edits[index]?.agent)).toEqual([0, 0, 1, 1, 0]);
  expect([0, 499, 500, 1_000].map((index) => edits[index]?.seen)).toEqual([
    [0, 0],
    [499, 0],
    [500, 0],
    [500, 500],
  ]);
});

test("of a record of several each edit has seen its parents, what these had seen, and nothing else", async () => {
  const txns = [
    { patches, agent: 0, parents: [] },
    { patches, agent: 1, parents: [0] },
    { patches, agent: 0, parents: [0] },
    { patches, agent: 0, parents: [1, 2] },
    { patches, agent: 1, parents: [1] },
  ];

  const { agents, edits } = await readEditTrace(write({ kind: "concurrent", endContent: "", txns }));

  expect(agents).toBe(2);
  expect(edits.map(({ seen }) => seen)).toEqual([
    [0, 0],
    [1, 0],
    [1, 0],
    [2, 1],
    [1, 1],
  ]);
});

test("a record may be packed, and need not say what it begins with", async () => {
  const { startContent, endContent } = await readEditTrace(write({ endContent: "end", txns: [] }, "record.json.gz"));

  expect([startContent, endContent]).toEqual(["", "end"]);
});

test.for([[{ endContent: "" }], [{ txns: [] }], [{ txns: {}, endContent: "" }]])("%j is no record, and is said to be none", async ([record]) => {
  await expect(readEditTrace(write(record))).rejects.toThrow("is no record of edits: it has no txns and endContent");
});

test("a record in which somebody has not seen his own edits is refused", async () => {
  const txns = [
    { patches, agent: 0, parents: [] },
    { patches, agent: 0, parents: [] },
  ];

  await expect(readEditTrace(write({ kind: "concurrent", endContent: "", txns }))).rejects.toThrow("Edit 1 has not seen all earlier ones of its own agent");
});
