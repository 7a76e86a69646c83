import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HistoryFile, type HistoryRecord, readHistory } from "./history.ts";

const room = "torture/1";
const records: readonly HistoryRecord[] = [
  { kind: "sent", room, callId: "c1", mark: "m1", when: "always" },
  { kind: "saw", room, count: 1, callId: "c1", value: { mark: "m1", when: "always", by: "ann" } },
  { kind: "quit", room },
];

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-history-"));
  file = join(folder, "ann.jsonl");
});

afterEach(() => rmSync(folder, { recursive: true }));

async function read(): Promise<readonly HistoryRecord[]> {
  const all: HistoryRecord[] = [];
  for await (const record of readHistory(file)) all.push(record);
  return all;
}

test("what is written is in the file at once, and is read in its order", async () => {
  const history = new HistoryFile(file);

  for (const [at, record] of records.entries()) {
    history.write(record);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(at + 2);
  }

  expect(await read()).toEqual(records);
});

test("a history goes on where another one of the same file ended", async () => {
  new HistoryFile(file).write({ kind: "forgot", room });
  new HistoryFile(file).write({ kind: "quit", room });

  expect((await read()).map(({ kind }) => kind)).toEqual(["forgot", "quit"]);
});

test("a last line that was never finished is left out", async () => {
  const history = new HistoryFile(file);
  for (const record of records) history.write(record);

  appendFileSync(file, '{"kind":"qu');

  expect(await read()).toEqual(records);
});

test("a line in the middle that is none is told", async () => {
  const history = new HistoryFile(file);
  appendFileSync(file, '{"kind":"qu\n');
  history.write({ kind: "quit", room });

  await expect(read()).rejects.toThrow(SyntaxError);
});
