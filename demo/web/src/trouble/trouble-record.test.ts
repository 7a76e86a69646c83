import { expect, test } from "vitest";
import { addRecord, changeRecord, compare, openRecords, type TroubleRecord } from "./trouble-record.ts";

const record = (id: number, change: Partial<TroubleRecord> = {}): TroubleRecord => ({
  id,
  kind: "cut",
  startedAt: 0,
  before: 4,
  healed: undefined,
  processes: [],
  failure: undefined,
  ...change,
});

test("the newest trouble stands first, and old ones are dropped", () => {
  const records = [1, 2, 3, 4, 5].reduce<readonly TroubleRecord[]>((before, id) => addRecord(before, record(id)), []);

  expect(records.map(({ id }) => id)).toEqual([5, 4, 3, 2]);
});

test("a trouble that could not be made, or is healed, is not open", () => {
  const resume = { from: undefined, to: { epoch: "e", count: 1, check: 1 }, why: undefined, entries: 1, ms: 1 };
  const records = [record(1), record(2, { failure: "refused" }), record(3, { healed: { resume, tookMs: 1, proof: undefined } })];

  expect(openRecords(records).map(({ id }) => id)).toEqual([1]);
});

test("a change concerns one trouble, and none that is not there", () => {
  const records = [record(1), record(2)];

  expect(changeRecord(records, 2, { failure: "unreachable" }).map(({ failure }) => failure)).toEqual([undefined, "unreachable"]);
  expect(changeRecord(records, 3, { failure: "unreachable" })).toEqual(records);
});

test("a missed line counts as here only with its number and its text", () => {
  const missed = [5, 6, 7].map((count) => ({ count, value: { text: `line ${count}` } }));

  const proof = compare(missed, [
    { number: 5, text: "line 5" },
    { number: 6, text: "something else" },
  ]);

  expect(proof).toEqual({ missed: 3, held: 1 });
});
