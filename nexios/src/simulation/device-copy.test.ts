import { expect, test } from "vitest";
import { encodeJson } from "../contract/json.ts";
import type { ServerFrame } from "../protocol/frame.ts";
import { DeviceCopy } from "./device-copy.ts";
import { entries, entry, positionAfter, start, sum } from "./device.fixture.ts";

type SnapshotFrame = ServerFrame & { readonly kind: "snapshot" };

function open(): { readonly copy: DeviceCopy; readonly surprises: string[]; readonly outdated: () => number } {
  const surprises: string[] = [];
  let outdated = 0;
  const copy = new DeviceCopy(sum, {
    now: () => 1,
    onSurprise: (what) => surprises.push(what),
    onMoved: () => {},
    onOutdated: () => void outdated++,
  });
  return { copy, surprises, outdated: () => outdated };
}

function snapshot(count: number, value: number, part = 0, parts = 1): SnapshotFrame {
  const bytes = encodeJson({ sum: value });
  const size = Math.ceil(bytes.length / parts);
  const payload = { format: "json", bytes: bytes.subarray(part * size, (part + 1) * size) } as const;
  return { kind: "snapshot", room: 7, position: positionAfter(count), why: "new", version: 1, part, parts, inflatedBytes: undefined, payload };
}

test("a snapshot in parts counts when its last part is there", () => {
  const { copy, surprises } = open();

  copy.takeSnapshot(snapshot(2, 3, 0, 3));
  copy.takeSnapshot(snapshot(2, 3, 1, 3));
  const before = copy.position;
  copy.takeSnapshot(snapshot(2, 3, 2, 3));

  expect([before, copy.position, copy.state, surprises]).toEqual([undefined, positionAfter(2), { sum: 3 }, []]);
});

test("a part that is missing is noted, and so is an entry between two parts", () => {
  const { copy, surprises } = open();

  copy.takeSnapshot(snapshot(2, 3, 0, 3));
  copy.takeEntry(entry(3));
  copy.takeSnapshot(snapshot(2, 3, 2, 3));

  expect(surprises).toEqual(["entry 3 before the snapshot", "part 2 of a snapshot where 1 was next"]);
});

test("an entry before the snapshot that a join has announced is noted", () => {
  const { copy, surprises } = open();
  copy.takeSnapshot(snapshot(0, 0));

  copy.joined({ kind: "joined", id: 1, room: 7, head: positionAfter(3), snapshot: "gap" });
  copy.takeEntry(entry(1));

  expect(surprises).toEqual(["entry 1 before the snapshot"]);
});

test("a resume without a position, or in another log, is noted", () => {
  const { copy, surprises } = open();

  copy.joined({ kind: "joined", id: 1, room: 7, head: start, snapshot: undefined });
  copy.takeSnapshot(snapshot(0, 0));
  copy.joined({ kind: "joined", id: 2, room: 7, head: { ...start, epoch: "other" }, snapshot: undefined });

  expect(surprises).toEqual(["resumed without a position", "resumed at e:0:0 where the head is other:0:0"]);
});

test("who joined before there was a log learns which it is from the first entry", () => {
  const { copy, surprises } = open();
  copy.takeSnapshot({ ...snapshot(0, 0), position: { ...start, epoch: "" } });

  copy.takeEntry({ ...entry(1), epoch: undefined });
  copy.takeEntry(entry(1));

  expect([copy.position, surprises]).toEqual([positionAfter(1), ['entry 1 of the log "" behind ""']]);
});

test("what is of a later version is left for a newer program", () => {
  const { copy, surprises, outdated } = open();
  copy.takeSnapshot(snapshot(0, 0));

  copy.takeEntry({ ...entry(1), version: 2 });
  copy.restart(sum);

  expect([outdated(), surprises, copy.position]).toEqual([1, [], undefined]);
});

test("what came is kept as it came", () => {
  const { copy } = open();

  copy.takeSnapshot(snapshot(0, 0));
  for (const next of entries(2)) copy.takeEntry(next);

  expect(copy.seen.map((seen) => (seen.kind === "entry" ? seen.entry.count : `@${seen.position.count}`))).toEqual(["@0", 1, 2]);
});
