import { expect, test } from "vitest";
import { AuctionFindings, type AuctionFinding } from "./auction-findings.ts";
import { type AuctionVerdict, judgeAuction } from "./auction-judge.ts";
import { hashAfter } from "./auction-lot.ts";
import type { Past, PastEntry } from "./auction-past.ts";
import { WrittenPast } from "./auction-past.fixture.ts";
import type { Seen, Told } from "./auction-told.ts";

/** Two rivals, a raise that nobody sees, a tie, a late bid, and an end that an outage has moved. */
function write(): WrittenPast {
  const written = new WrittenPast();
  written.bid("ann", 500, 11_000);
  written.bid("bob", 300, 12_000);
  written.bid("ann", 900, 12_500);
  written.bid("bob", 900, 18_000);
  written.bid("cy", 2_000, 22_000);
  for (const at of [31_000, 32_000, 33_000, 34_000, 35_000, 36_200]) written.wake(at);
  return written;
}

const call = { ann: "call-3", bob: "call-4", raise: "call-5", tie: "call-6", cy: "call-7" };

function told(): (Told | Seen)[] {
  return [
    { kind: "accepted", who: "ann", callId: call.ann, maximum: 500, count: 3, price: 100 },
    { kind: "accepted", who: "bob", callId: call.bob, maximum: 300, count: 4, price: 400 },
    { kind: "accepted", who: "ann", callId: call.raise, maximum: 900, count: 4, price: 400 },
    { kind: "accepted", who: "bob", callId: call.tie, maximum: 900, count: 5, price: 900 },
    { kind: "unknown", who: "cy", callId: call.cy, code: "UNKNOWN_OUTCOME" },
    { kind: "refused", who: "bob", callId: "call-99", code: "BID_TOO_LOW" },
    { kind: "refused", who: "bob", callId: "call-98", code: "BID_TOO_LOW" },
    { kind: "failed", who: "ann", callId: "call-97", code: "OVERLOADED" },
  ];
}

function seenBy(who: string, { entries }: Past, from: number, state?: string): Seen {
  const shown = entries.flatMap((entry) => entry.shown ?? []);
  const hash = shown.filter(({ count }) => count > from).reduce((before, { count, text }) => hashAfter(before, count, text), 0);
  return { kind: "seen", who, from, count: shown.length, hash, faults: 0, ...(state !== undefined && { state }) };
}

async function judge(past: Past, records: readonly (Told | Seen)[]): Promise<{ verdict: AuctionVerdict; findings: AuctionFindings }> {
  const findings = new AuctionFindings();
  const verdict = await judgeAuction(past, new WrittenPast().times, toStream(records), findings);
  return { verdict, findings };
}

async function* toStream<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

function found({ counts }: AuctionFindings): readonly string[] {
  return Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [kind] : []));
}

test("where all is as it must be nothing is found, and the figures are the file's", async () => {
  const written = write();
  const { past, lot } = written;
  const seen = [seenBy("ann", past, 0), seenBy("bob", past, 4), seenBy("cy", past, 2, JSON.stringify(lot))];

  const { verdict, findings } = await judge(past, [...told(), ...seen]);

  expect(findings.examples).toEqual([]);
  expect(found(findings)).toEqual([]);
  expect(verdict).toEqual({
    accepted: 5,
    acknowledged: 4,
    refused: 2,
    failed: 1,
    unknown: 1,
    codes: { UNKNOWN_OUTCOME: 1, BID_TOO_LOW: 2, OVERLOADED: 1 },
    entries: 13,
    extensions: 3,
    price: 1_000,
    bidders: 3,
  });
});

test.for<readonly [AuctionFinding, string, (records: (Told | Seen)[]) => void]>([
  [
    "acknowledgedLost",
    "an accepted bid that is not there",
    (records) => records.push({ kind: "accepted", who: "ann", callId: "x", maximum: 1, count: 3, price: 1 }),
  ],
  ["refusedStored", "a refusal of what is there", (records) => records.push({ kind: "refused", who: "cy", callId: call.cy, code: "BID_TOO_LOW" })],
  ["refusedStored", "a failure of what is there", (records) => records.push({ kind: "failed", who: "cy", callId: call.cy, code: "OVERLOADED" })],
  ["strangers", "a bid that nobody has sent", (records) => records.splice(4, 1)],
  ["contradicted", "another price", (records) => records.splice(0, 1, { kind: "accepted", who: "ann", callId: call.ann, maximum: 500, count: 3, price: 200 })],
  ["contradicted", "another place", (records) => records.splice(0, 1, { kind: "accepted", who: "ann", callId: call.ann, maximum: 500, count: 4, price: 100 })],
  ["contradicted", "another bidder", (records) => records.splice(0, 1, { kind: "accepted", who: "bob", callId: call.ann, maximum: 500, count: 3, price: 100 })],
  ["misruled", "a refusal that was none", (records) => records.push({ kind: "misruled", who: "ann", callId: "y", code: "BID_TOO_LOW" })],
])("%s: %s is found, and nothing else", async ([kind, , change]) => {
  const records = told();

  change(records);
  const { findings } = await judge(write().past, records);

  expect(found(findings)).toEqual([kind]);
});

test.for<readonly [string, (seen: Seen, lot: unknown) => Seen]>([
  ["another hash", (seen) => ({ ...seen, hash: seen.hash + 1 })],
  ["an entry less", (seen) => ({ ...seen, count: seen.count - 1 })],
  ["an entry that did not follow", (seen) => ({ ...seen, faults: 1 })],
  ["another state", (seen) => ({ ...seen, state: JSON.stringify({ price: 1 }) })],
])("a bidder with %s has diverged", async ([, change]) => {
  const { past, lot } = write();

  const { findings } = await judge(past, [...told(), change(seenBy("ann", past, 0), lot)]);

  expect(found(findings)).toEqual(["diverged"]);
});

/** The log with one entry replaced, or left out. */
function withEntry(past: Past, offset: number, change: (entry: PastEntry) => PastEntry | undefined): Past {
  return { ...past, entries: past.entries.flatMap((entry) => (entry.offset === offset ? (change(entry) ?? []) : entry)) };
}

test("an entry that says another price than the rules is misruled, and its price is wrong", async () => {
  const past = withEntry(write().past, 4, (entry) => {
    const shown = { ...entry.book.shown, price: 500 } as NonNullable<typeof entry.book.shown>;
    return { ...entry, book: { ...entry.book, shown }, shown: { count: 4, text: JSON.stringify(shown) } };
  });

  const { findings } = await judge(past, told());

  expect(found(findings)).toEqual(expect.arrayContaining(["misruled", "priceWrong"]));
});

test("an end that was moved by too much is wrong", async () => {
  const past = withEntry(write().past, 7, (entry) => {
    const shown = { ...entry.book.shown, closesAt: 27_001 } as NonNullable<typeof entry.book.shown>;
    return { ...entry, book: { ...entry.book, shown }, shown: { count: 6, text: JSON.stringify(shown) } };
  });

  const { findings } = await judge(past, told());

  expect(findings.examples.filter((example) => example.startsWith("priceWrong: offset 7"))).toHaveLength(1);
});

test("what was shown to all must be what the entry reveals", async () => {
  const past = withEntry(write().past, 4, (entry) => ({ ...entry, shown: { count: 4, text: `{"kind":"opened","at":1}` } }));

  const { findings } = await judge(past, told());

  expect(found(findings)).toContain("misruled");
});

test("a bid behind the end is found, and what comes behind the close", async () => {
  const written = write();
  const late = written.entries[6]!;

  const { findings } = await judge(
    { ...written.past, entries: [...written.entries, { ...late, offset: 14, callId: "late", shown: { count: 9, text: late.shown!.text } }] },
    told(),
  );

  expect(found(findings)).toEqual(expect.arrayContaining(["holes", "misruled", "strangers"]));
});

test("a bid that was taken at the very end is too late", async () => {
  const written = new WrittenPast();
  written.bid("ann", 500, 11_000);

  const { findings } = await judge(
    withEntry(written.past, 3, (entry) => ({ ...entry, book: { ...entry.book, change: { ...entry.book.change, at: 20_000 } as typeof entry.book.change } })),
    told().slice(0, 1),
  );

  expect(found(findings)).toContain("tooLate");
});

test("one call at two places took effect twice", async () => {
  const past = withEntry(write().past, 4, (entry) => ({ ...entry, callId: call.ann }));

  const { findings } = await judge(past, told());

  expect(found(findings)).toContain("twice");
});

test.for([
  ["a place that is missing", (past: Past) => withEntry(past, 5, () => undefined)],
  ["an end that is missing", (past: Past) => ({ entries: past.entries.slice(0, -1), head: { offset: 12, count: 7 } })],
  ["a head that says more", (past: Past) => ({ ...past, head: { offset: 14, count: 8 } })],
] as const)("%s is a hole", async ([, change]) => {
  const { findings } = await judge(change(write().past), told());

  expect(found(findings)).toContain("holes");
});
