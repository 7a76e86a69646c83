import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { entries, entry, positionAfter, snapshot, start, sum } from "../client/sum.fixture.ts";
import { DeviceCopy } from "./device-copy.ts";

interface CopyBench {
  readonly copy: DeviceCopy;
  readonly surprises: string[];
  /** States that came deflated. */
  readonly inflated: string[];
  readonly outdated: () => number;
}

function open(): CopyBench {
  const surprises: string[] = [];
  const inflated: string[] = [];
  let outdated = 0;
  const copy = new DeviceCopy(sum, {
    now: () => 1,
    onSurprise: (what) => surprises.push(what),
    onMoved: () => {},
    onInflated: (state) => inflated.push(new TextDecoder().decode(state)),
    onOutdated: () => void outdated++,
  });
  return { copy, surprises, inflated, outdated: () => outdated };
}

test("a snapshot in parts counts when its last part is there", () => {
  const { copy, surprises } = open();

  copy.takeSnapshot(snapshot(2, { part: 0, parts: 3 }));
  copy.takeSnapshot(snapshot(2, { part: 1, parts: 3 }));
  const before = copy.position;
  copy.takeSnapshot(snapshot(2, { part: 2, parts: 3 }));

  expect([before, copy.position, copy.state, surprises]).toEqual([undefined, positionAfter(2), { sum: 3 }, []]);
});

test("a part that is missing is noted, and so is an entry between two parts", () => {
  const { copy, surprises } = open();

  copy.takeSnapshot(snapshot(2, { part: 0, parts: 3 }));
  copy.takeEntry(entry(3));
  copy.takeSnapshot(snapshot(2, { part: 2, parts: 3 }));

  expect(surprises).toEqual(["entry 3 before the snapshot", "part 2 of a snapshot where 1 was next"]);
});

test("an entry before the snapshot that a join has announced is noted", () => {
  const { copy, surprises } = open();
  copy.takeSnapshot(snapshot(0));

  copy.joined({ kind: "joined", id: 1, room: 7, head: positionAfter(3), snapshot: "gap" });
  copy.takeEntry(entry(1));

  expect(surprises).toEqual(["entry 1 before the snapshot"]);
});

test("a resume without a position, or in another log, is noted", () => {
  const { copy, surprises } = open();

  copy.joined({ kind: "joined", id: 1, room: 7, head: start, snapshot: undefined });
  copy.takeSnapshot(snapshot(0));
  copy.joined({ kind: "joined", id: 2, room: 7, head: { ...start, epoch: "other" }, snapshot: undefined });

  expect(surprises).toEqual(["resumed without a position", "resumed at e:0:0 where the head is other:0:0"]);
});

test("who joined before there was a log learns which it is from the first entry", () => {
  const { copy, surprises } = open();
  copy.takeSnapshot({ ...snapshot(0), position: { ...start, epoch: "" } });

  copy.takeEntry({ ...entry(1), epoch: undefined });
  copy.takeEntry(entry(1));

  expect([copy.position, surprises]).toEqual([positionAfter(1), ['entry 1 of the log "" behind ""']]);
});

test("what is of a later version is left for a newer program", () => {
  const { copy, surprises, outdated } = open();
  copy.takeSnapshot(snapshot(0));

  copy.takeEntry({ ...entry(1), version: 2 });
  copy.restart(sum);

  expect([outdated(), surprises, copy.position]).toEqual([1, [], undefined]);
});

test("what came is kept as it came", () => {
  const { copy } = open();

  copy.takeSnapshot(snapshot(0));
  for (const next of entries(2)) copy.takeEntry(next);

  expect(copy.seen.map((seen) => (seen.kind === "entry" ? seen.entry.count : `@${seen.position.count}`))).toEqual(["@0", 1, 2]);
});

test("a state that came deflated is kept, and shown, as it was before", () => {
  const { copy, inflated, surprises } = open();
  const { payload } = snapshot(3);

  copy.takeSnapshot({ ...snapshot(3), inflatedBytes: payload.bytes.length, payload: { format: "bytes", bytes: deflateRawSync(payload.bytes) } });

  expect([copy.state, inflated, surprises]).toEqual([{ sum: 6 }, ['{"sum":6}'], []]);
});
