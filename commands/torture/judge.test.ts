import { expect, test } from "vitest";
import { type FindingKind, findingKinds } from "./findings.ts";
import type { HistoryRecord } from "./history.ts";
import { Judge } from "./judge.ts";
import type { FileEntry, FileRoom } from "./room-past.ts";
import { type Condition, count as fold, emptyTally, type Marked, type Tally } from "./torture-room.ts";

const room = "torture/1";
const head = 8;

function entryAt(count: number, when: Condition = "always"): FileEntry {
  return { count, callId: `call-${count}`, value: { mark: `mark-${count}`, when, by: "ann" } };
}

const entries: readonly FileEntry[] = Array.from({ length: head }, (_, at) => entryAt(at + 1, at === 2 ? "even" : "always"));
const file: FileRoom = { name: room, head, first: 1, entries, outcomes: entries };

function stateAt(count: number): Tally {
  return entries.slice(0, count).reduce((state, entry) => fold(state, entry.value), emptyTally);
}

function value(count: number): Marked {
  return entries[count - 1]?.value ?? { mark: "none", when: "always", by: "nobody" };
}

/** What the member "ann" wrote down if nothing went wrong: eight calls that were accepted, and two that were refused. */
const calls: readonly HistoryRecord[] = [
  ...entries.map(({ callId = "", value: { mark, when } }): HistoryRecord => ({ kind: "sent", room, callId, mark, when })),
  ...entries.map((entry): HistoryRecord => ({ kind: "accepted", room, callId: entry.callId ?? "", count: entry.count, value: entry.value })),
  { kind: "sent", room, callId: "call-no", mark: "mark-no", when: "never" },
  { kind: "refused", room, callId: "call-no", code: "NEVER" },
  { kind: "sent", room, callId: "call-odd", mark: "mark-odd", when: "even" },
  { kind: "refused", room, callId: "call-odd", code: "ODD" },
];

function saw(...counts: readonly number[]): readonly HistoryRecord[] {
  return counts.map((count): HistoryRecord => ({ kind: "saw", room, count, callId: `call-${count}`, value: value(count) }));
}

function snapshot(count: number, why = "new", state = stateAt(count)): HistoryRecord {
  return { kind: "snapshot", room, count, why, state };
}

const ended: HistoryRecord = { kind: "ended", room, count: head, state: stateAt(head) };

/** What is wrong, by kind, of ann's calls and what another member saw; kinds of which there is none are left out. */
function judge(
  seen: readonly HistoryRecord[],
  called: readonly HistoryRecord[] = calls,
  rooms: readonly FileRoom[] = [file],
): Partial<Record<FindingKind, number>> {
  const judged = new Judge(rooms);
  for (const record of called) judged.take("ann", record);
  for (const record of seen) judged.take("bob", record);
  const verdict = judged.close();
  const kinds = Object.keys(findingKinds) as FindingKind[];
  return Object.fromEntries(kinds.filter((kind) => verdict[kind] > 0).map((kind) => [kind, verdict[kind]]));
}

/** Ann's records with some in place of the one that `of` finds. */
function calledWith(of: (record: HistoryRecord) => boolean, ...others: readonly HistoryRecord[]): readonly HistoryRecord[] {
  return calls.flatMap((record) => (of(record) ? others : [record]));
}

function isAbout(kind: HistoryRecord["kind"], id: string): (record: HistoryRecord) => boolean {
  return (record) => record.kind === kind && "callId" in record && record.callId === id;
}

const fine: readonly [string, readonly HistoryRecord[]][] = [
  ["saw all of it", [snapshot(0), ...saw(1, 2, 3, 4, 5, 6, 7, 8), ended]],
  ["had the beginning in a snapshot", [snapshot(5), ...saw(6, 7, 8), ended]],
  ["had what it missed in a snapshot", [snapshot(0), ...saw(1, 2), snapshot(6, "gap"), ...saw(7, 8), ended]],
  ["gave its place up and began anew", [snapshot(0), ...saw(1, 2, 3), { kind: "forgot", room }, snapshot(2), ...saw(3, 4, 5, 6, 7, 8), ended]],
  ["left before the end", [snapshot(0), ...saw(1, 2, 3), { kind: "quit", room }]],
  ["knew its state on the way", [snapshot(0), ...saw(1, 2), { kind: "stood", room, count: 2, state: stateAt(2) }, ...saw(3, 4, 5, 6, 7, 8), ended]],
];

test.for(fine)("nothing is found of a member that %s", ([, seen]) => {
  expect(judge(seen)).toEqual({});
});

const wrong: readonly [string, readonly HistoryRecord[], Partial<Record<FindingKind, number>>][] = [
  ["misses two entries", [snapshot(0), ...saw(1, 2, 5, 6, 7, 8), ended], { lost: 2 }],
  ["misses the first entry", [...saw(2, 3, 4, 5, 6, 7, 8), ended], { lost: 1 }],
  ["misses an entry and then begins anew", [snapshot(0), ...saw(1, 3), { kind: "forgot", room }, snapshot(8), ended], { lost: 1 }],
  ["misses an entry and then leaves", [snapshot(0), ...saw(1, 3), { kind: "quit", room }], { lost: 1 }],
  ["misses an entry behind a snapshot", [snapshot(4), ...saw(6, 7, 8), ended], { lost: 1 }],
  ["sees an entry twice", [snapshot(0), ...saw(1, 2, 2, 3, 4, 5, 6, 7, 8), ended], { doubled: 1 }],
  ["sees what its snapshot had", [snapshot(4), ...saw(4, 5, 6, 7, 8), ended], { doubled: 1 }],
  ["sees two entries the wrong way round", [snapshot(0), ...saw(1, 3, 2, 4, 5, 6, 7, 8), ended], { reordered: 1 }],
  ["gets a snapshot of before", [snapshot(0), ...saw(1, 2, 3, 4), snapshot(3, "gap"), ...saw(4, 5, 6, 7, 8), ended], { reordered: 1 }],
  ["is told of another past", [snapshot(0), ...saw(1, 2, 3, 4), snapshot(8, "epoch"), ended], { reordered: 1 }],
  ["gets a snapshot of another state", [snapshot(4, "new", stateAt(3)), ...saw(5, 6, 7, 8), ended], { wrongStates: 1 }],
  [
    "comes to another state on the way",
    [snapshot(0), ...saw(1, 2), { kind: "stood", room, count: 2, state: stateAt(1) }, ...saw(3, 4, 5, 6, 7, 8), ended],
    { wrongStates: 1 },
  ],
  ["comes to another state in the end", [snapshot(0), ...saw(1, 2, 3, 4, 5, 6, 7, 8), { ...ended, state: { ...stateAt(8), digest: 1 } }], { wrongStates: 1 }],
  ["stays behind", [snapshot(0), ...saw(1, 2, 3), { kind: "ended", room, count: 3, state: stateAt(3) }], { behind: 1 }],
  ["never comes to its end", [snapshot(0), ...saw(1, 2, 3)], { behind: 1 }],
  ["sees an entry that is in no file", [snapshot(8), { kind: "saw", room, count: 9, callId: undefined, value: value(1) }, ended], { reordered: 1, behind: 1 }],
  [
    "sees another entry than the file has",
    [snapshot(7), { kind: "saw", room, count: 8, callId: "call-8", value: { ...value(8), by: "bob" } }, ended],
    { reordered: 1 },
  ],
  ["sees an entry under another call", [snapshot(7), { kind: "saw", room, count: 8, callId: "call-7", value: value(8) }, ended], { reordered: 1 }],
];

test.for(wrong)("it is found that a member %s", ([, seen, found]) => {
  expect(judge(seen)).toEqual(found);
});

const all: readonly HistoryRecord[] = [snapshot(8), ended];
const accepted = (id: string, count: number): HistoryRecord => ({ kind: "accepted", room, callId: id, count, value: value(count) });
const refused = (id: string, code = "NEVER"): HistoryRecord => ({ kind: "refused", room, callId: id, code });

test("nothing is found of calls that were answered twice alike, were never known, or failed for certain and are not there", () => {
  const called = [
    ...calls,
    accepted("call-3", 3),
    refused("call-no"),
    { kind: "sent", room, callId: "call-f", mark: "mark-f", when: "always" },
    { kind: "failed", room, callId: "call-f", code: "UNAVAILABLE" },
  ] as const;
  const unknown = calledWith(isAbout("accepted", "call-4"), { kind: "unknown", room, callId: "call-4", code: "UNKNOWN_OUTCOME" });

  expect([judge(all, called), judge(all, unknown)]).toEqual([{}, {}]);
});

const wrongCalls: readonly [string, readonly HistoryRecord[], Partial<Record<FindingKind, number>>][] = [
  ["was accepted and is not there", calledWith(isAbout("refused", "call-no"), accepted("call-no", 8)), { acknowledgedLost: 1 }],
  ["was accepted at another place", calledWith(isAbout("accepted", "call-3"), accepted("call-3", 4)), { contradicted: 1 }],
  [
    "was accepted with another result",
    calledWith(isAbout("accepted", "call-3"), { ...accepted("call-3", 3), value: value(4) } as HistoryRecord),
    { contradicted: 1 },
  ],
  ["was settled too early", calledWith(isAbout("accepted", "call-3"), { ...accepted("call-3", 3), stoodAt: 2 } as HistoryRecord), { early: 1 }],
  ["was accepted at two places", [...calls, accepted("call-3", 4)], { contradicted: 1 }],
  ["was refused and is there", calledWith(isAbout("accepted", "call-3"), refused("call-3", "ODD")), { refusedStored: 1 }],
  ["was accepted and refused", [...calls, refused("call-3", "ODD")], { contradicted: 1, refusedStored: 1 }],
  [
    "was refused and accepted",
    calledWith(isAbout("accepted", "call-3"), refused("call-3", "ODD"), accepted("call-3", 3)),
    { contradicted: 1, refusedStored: 1 },
  ],
  [
    "failed for certain and is there",
    calledWith(isAbout("accepted", "call-3"), { kind: "failed", room, callId: "call-3", code: "EXPIRED" }),
    { refusedStored: 1 },
  ],
  ["was refused against the rule", calledWith(isAbout("refused", "call-no"), refused("call-no", "ODD")), { misruled: 1 }],
  ["was never answered", calledWith(isAbout("refused", "call-no")), { unsettled: 1 }],
  ["was never sent", calledWith((record) => isAbout("sent", "call-3")(record) || isAbout("accepted", "call-3")(record)), { strangers: 1 }],
];

test.for(wrongCalls)("it is found that a call %s", ([, called, found]) => {
  expect(judge(all, called)).toEqual(found);
});

/** The file with another last entry. */
function fileWith(last: FileEntry | undefined, outcomes: readonly FileEntry[] = entries): FileRoom {
  return { ...file, entries: [...entries.slice(0, -1), ...(last === undefined ? [] : [last])], outcomes };
}

const seven = calledWith((record) => "callId" in record && record.callId === "call-8");
const quit: readonly HistoryRecord[] = [snapshot(7), { kind: "quit", room }];

test.for<[string, FileRoom, Partial<Record<FindingKind, number>>]>([
  ["a call that took effect twice", fileWith({ ...entryAt(8), callId: "call-7" }), { twice: 1, unremembered: 1 }],
  ["a mark that took effect twice", fileWith({ ...entryAt(8), value: value(7) }), { twice: 1, strangers: 1 }],
  ["two entries at one place", fileWith({ ...entryAt(8), count: 7 }), { twice: 1, unremembered: 1, strangers: 1, holes: 1 }],
  ["a place without an entry", fileWith(undefined), { holes: 1 }],
  ["an entry behind the head", { ...file, head: 7 }, { holes: 1, strangers: 1 }],
  ["an entry that is never to be", fileWith(entryAt(8, "never")), { misruled: 1, strangers: 1 }],
  ["an entry after an odd number", fileWith(entryAt(8, "even")), { misruled: 1, strangers: 1 }],
  ["an entry whose call is not remembered", fileWith(entryAt(8), entries.slice(0, -1)), { unremembered: 1, strangers: 1 }],
])("it is found that the file has %s", ([, broken, found]) => {
  expect(judge(quit, seven, [broken])).toMatchObject(found);
});

test("what is not kept any more is judged by the outcomes of its calls", () => {
  const trimmed: FileRoom = { ...file, first: 5, entries: entries.slice(4) };
  const holed: FileRoom = { ...trimmed, outcomes: entries.filter(({ count }) => count !== 2) };

  const found = [judge([snapshot(0), ...saw(1, 2, 3, 4, 5, 6, 7, 8), ended], calls, [trimmed]), judge(all, calls, [holed])];

  expect(found[0]).toEqual({});
  expect(found[1]).toMatchObject({ holes: 1, acknowledgedLost: 1 });
});

test("a call that took effect twice is found where one of its effects is not kept, if a member saw it", () => {
  // The outcome of the first effect was replaced by that of the second.
  const doubled: FileRoom = { ...file, first: 5, entries: entries.slice(4), outcomes: entries.filter(({ count }) => count !== 2) };
  const secondEffect = { ...value(8) };
  const seen: readonly HistoryRecord[] = [
    snapshot(0),
    ...saw(1),
    { kind: "saw", room, count: 2, callId: "call-8", value: secondEffect },
    ...saw(3),
    { kind: "quit", room },
  ];

  const found = judge(
    seen,
    calledWith((record) => "callId" in record && record.callId === "call-2"),
    [doubled],
  );

  expect(found).toEqual({ holes: 1, twice: 1 });
});

test("a call of which both effects are not kept is found by what members saw", () => {
  const doubled: FileRoom = { ...file, first: 5, entries: entries.slice(4), outcomes: entries.filter(({ count }) => count > 3) };
  const effect = (count: number): HistoryRecord => ({ kind: "saw", room, count, callId: "call-2", value: value(2) });

  const found = judge([snapshot(0), ...saw(1), effect(2), effect(3), { kind: "quit", room }], calls, [doubled]);

  expect(found).toMatchObject({ twice: 1 });
});

test("members, entries, snapshots and calls are counted", () => {
  const judged = new Judge([file, { ...file, name: "torture/2", entries: [], outcomes: [], head: 0 }]);
  for (const record of [...calls, ...all]) judged.take("ann", record);
  for (const record of all) judged.take("bob", record);

  const verdict = judged.close();

  expect(verdict).toMatchObject({ members: 2, entries: 8, snapshots: 2, calls: 10, accepted: 8, refused: 2, failed: 0, unknown: 0 });
});

test("a history of a room that the file does not have is no history of this run", () => {
  const judged = new Judge([]);

  expect(() => judged.take("ann", ended)).toThrow("no room torture/1");
});
