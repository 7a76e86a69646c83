import fc from "fast-check";
import { expect, test } from "vitest";
import type { MemberEntry } from "./changes.ts";
import type { InboxEntry } from "./entry.ts";
import { acts, hourMs, PaperInbox, startAt } from "./paper-inbox.fixture.ts";
import { recount } from "./recount.fixture.ts";
import { emptyInbox, evolveInbox, type Inbox } from "./state.ts";

function factsOf({ items }: Inbox): unknown {
  return items.map(({ id, position, isReceived, isSeen, isRead, isDone, steps }) => [id, position, isReceived, isSeen, isRead, isDone, steps.length]);
}

test("counts are those of the list at any point, overall and by category", () => {
  fc.assert(
    fc.property(acts, (script) => {
      const inbox = new PaperInbox({ notifications: 8 }, (_entry, state) => expect(state.counts).toEqual(recount(state)));

      for (const act of script) inbox.play(act);
    }),
    { numRuns: 300 },
  );
});

test("the list is in the order of its positions, holds no more than its limit, and says how many it has forgotten", () => {
  fc.assert(
    fc.property(acts, (script) => {
      let [created, replaced, expired] = [0, 0, 0];
      const inbox = new PaperInbox({ notifications: 8 }, (entry, { items, top, forgotten }) => {
        if (entry.kind === "created") created++;
        if (entry.kind === "created" && entry.replaces !== undefined) replaced++;
        if (entry.kind === "expired") expired += entry.ids.length;

        expect(items.map(({ position }) => position)).toEqual(items.map(({ position }) => position).toSorted((a, b) => b - a));
        expect(items.length).toBeLessThanOrEqual(8);
        expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
        expect(top).toBeGreaterThanOrEqual(items[0]?.position ?? 0);
        expect(items.length + forgotten).toBe(created - replaced - expired);
      });

      for (const act of script) inbox.play(act);
    }),
    { numRuns: 200 },
  );
});

test("a state that was written and read again goes on as if it had not been", () => {
  fc.assert(
    fc.property(acts, (script) => {
      let read: Inbox = emptyInbox;
      const inbox = new PaperInbox({ notifications: 8 });
      const first: InboxEntry = { kind: "endpointAdded", endpoint: { id: "e1", channel: "push", label: "Phone", sealed: "", at: startAt } };
      for (const act of script) inbox.play(act);

      for (const entry of [first, ...inbox.entries])
        read = JSON.parse(JSON.stringify(evolveInbox(read, JSON.parse(JSON.stringify(entry)) as InboxEntry))) as Inbox;

      expect(read).toEqual(inbox.state);
      expect(JSON.parse(JSON.stringify(inbox.state))).toStrictEqual(inbox.state);
    }),
    { numRuns: 100 },
  );
});

const marks: fc.Arbitrary<MemberEntry> = fc.oneof(
  fc.record({ kind: fc.constantFrom("received" as const, "seen" as const, "readAll" as const), upTo: fc.nat(14) }),
  fc.record({ kind: fc.constantFrom("read" as const, "archived" as const), ids: fc.array(fc.integer({ min: 1, max: 14 }).map(String), { maxLength: 3 }) }),
);

test("what two devices marked while they were away comes to the same in whatever order it arrives", () => {
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 6 }), fc.array(marks, { maxLength: 6 }), fc.infiniteStream(fc.boolean()), (ann, phone, whose) => {
      const merge = (pick: () => boolean): Inbox => {
        const inbox = new PaperInbox();
        for (let made = 0; made < 10; made++) inbox.create({ category: made % 2 === 0 ? "outbid" : "mention" });
        const [left, right] = [[...ann], [...phone]];
        while (left.length + right.length > 0) {
          const from = right.length === 0 || (left.length > 0 && pick()) ? left : right;
          const entry = from.shift();
          if (entry !== undefined) inbox.change(entry);
        }
        return inbox.state;
      };

      const [one, other, mixed] = [merge(() => true), merge(() => false), merge(() => whose.next().value)];

      expect([factsOf(other), other.counts]).toEqual([factsOf(one), one.counts]);
      expect([factsOf(mixed), mixed.counts]).toEqual([factsOf(one), one.counts]);
    }),
    { numRuns: 300 },
  );
});

test("of two that contradict each other the later one in the log holds", () => {
  const inbox = new PaperInbox();
  const { id } = inbox.create();

  inbox.change({ kind: "read", ids: [id] });
  inbox.change({ kind: "unread", ids: [id] });
  inbox.change({ kind: "unarchived", ids: [id] });
  inbox.change({ kind: "archived", ids: [id] });

  expect(inbox.state.items).toMatchObject([{ isSeen: true, isRead: false, isDone: true }]);
});

test("what came after the position that a reader saw stays unread and unseen, whatever he marks", () => {
  const inbox = new PaperInbox();
  inbox.create();
  inbox.create({ category: "mention" });
  const { top } = inbox.state;
  inbox.create();

  inbox.change({ kind: "readAll", upTo: top, category: "outbid" });
  inbox.change({ kind: "seen", upTo: top });

  expect(inbox.state.items.map(({ isSeen, isRead }) => [isSeen, isRead])).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ]);
  expect(inbox.state.counts).toMatchObject({ unseen: 1, unread: 2, total: 3 });
});

test("a position beyond the end, which nobody can have seen, marks nothing", () => {
  const inbox = new PaperInbox();
  inbox.create();
  const { top } = inbox.state;

  inbox.change({ kind: "readAll", upTo: top + 1 });
  const beyond = inbox.state.counts.unread;
  inbox.change({ kind: "readAll", upTo: top });

  expect([beyond, inbox.state.counts.unread]).toEqual([1, 0]);
});

test("a later fact brings those before it, and none after it; archived is apart from all", () => {
  const inbox = new PaperInbox();
  const { id } = inbox.create();
  const facts: unknown[] = [];
  const note = (): unknown =>
    facts.push(inbox.state.items.map(({ isReceived, isSeen, isRead, isDone }) => [isReceived, isSeen, isRead, isDone].map(Number).join("")).join());

  for (const entry of [
    { kind: "received", upTo: 3 },
    { kind: "seen", upTo: 3 },
    { kind: "read", ids: [id] },
    { kind: "unread", ids: [id] },
    { kind: "archived", ids: [id] },
    { kind: "unarchived", ids: [id] },
  ] as const) {
    inbox.change(entry);
    note();
  }

  expect(facts).toEqual(["1000", "1100", "1110", "1100", "1101", "1100"]);
});

test("a collapse key takes the place of the unread one, on top and counted; one that was read stays and is not revived", () => {
  const inbox = new PaperInbox();
  const first = inbox.create({ collapseKey: "lot-1" });
  inbox.create();
  inbox.pass(500);
  const second = inbox.create({ collapseKey: "lot-1", title: "Another" });
  const before = inbox.state.items;

  inbox.change({ kind: "read", ids: [first.id] });
  inbox.change({ kind: "read", ids: [second.id] });
  inbox.create({ collapseKey: "lot-1" });

  expect(before.map(({ id, count, title, createdAt, updatedAt }) => [id, count, title, createdAt - startAt, updatedAt - startAt])).toEqual([
    [second.id, 2, "Another", 0, 500],
    ["4", 1, "A bid", 0, 0],
  ]);
  expect(inbox.state.items.map(({ count, isRead }) => [count, isRead])).toEqual([
    [1, false],
    [2, true],
    [1, false],
  ]);
});

test("who marks an earlier one as read does not mark what has taken its place meanwhile", () => {
  const inbox = new PaperInbox();
  const { id } = inbox.create({ collapseKey: "lot-1" });
  inbox.create({ collapseKey: "lot-1" });

  inbox.change({ kind: "read", ids: [id] });

  expect(inbox.state.counts.unread).toBe(1);
});

test("what is snoozed counts nowhere, and comes back on top, unseen and unread", () => {
  const inbox = new PaperInbox();
  const { id } = inbox.create();
  inbox.create();
  inbox.change({ kind: "readAll", upTo: inbox.state.top });
  const { top } = inbox.state;

  inbox.change({ kind: "snoozed", ids: [id], until: inbox.now + hourMs });
  const away = inbox.state.counts;
  inbox.pass(hourMs);
  const back = inbox.state;
  inbox.change({ kind: "readAll", upTo: top });

  expect(away).toMatchObject({ unseen: 0, unread: 0, total: 1 });
  expect(back.counts).toMatchObject({ unseen: 1, unread: 1, total: 2 });
  expect(back.items[0]).toMatchObject({ id, isRead: false });
  expect(inbox.state.counts.unread).toBe(1);
});

test("what has expired is neither counted nor there", () => {
  const inbox = new PaperInbox();
  inbox.create({ expiresAt: inbox.now + hourMs });

  inbox.pass(hourMs - 1);
  const before = inbox.state.counts.total;
  inbox.pass(1);

  expect([before, inbox.state.counts, inbox.state.items]).toEqual([1, { unseen: 0, unread: 0, total: 0, byCategory: [] }, []]);
});

test("of too many the oldest archived one goes first, then the oldest, and the inbox says how many there were", () => {
  const inbox = new PaperInbox({ notifications: 3 });
  const ids = [1, 2, 3].map(() => inbox.create().id);
  inbox.change({ kind: "archived", ids: [ids[1] ?? ""] });

  const fourth = inbox.create().id;
  const withoutDone = inbox.state.items.map(({ id }) => id);
  const fifth = inbox.create().id;

  expect(withoutDone).toEqual([fourth, ids[2], ids[0]]);
  expect(inbox.state.items.map(({ id }) => id)).toEqual([fifth, fourth, ids[2]]);
  expect([inbox.state.forgotten, inbox.state.counts.unread]).toEqual([2, 3]);
});

test("of too many bytes the oldest archived ones go first, then the oldest, as many as have to, and what has just come stays however large it is", () => {
  const inbox = new PaperInbox({ bytes: 10_000 });
  const bytes = (): number => Buffer.byteLength(JSON.stringify(inbox.state.items));
  // A character of three bytes.
  const ids = [1, 2, 3, 4].map(() => inbox.create({ body: "€".repeat(600) }).id);
  inbox.change({ kind: "archived", ids: [ids[1] ?? ""] });
  const full = [inbox.state.items.length, bytes() < 10_000];

  const fifth = inbox.create({ body: "€".repeat(1_000) }).id;
  const withoutDone = inbox.state.items.map(({ id }) => id);
  const sixth = inbox.create({ body: "€".repeat(2_000) }).id;
  const withoutOldest = [inbox.state.items.map(({ id }) => id), bytes() < 10_500];
  const seventh = inbox.create({ data: { text: "€".repeat(4_000) } }).id;

  expect(full).toEqual([4, true]);
  expect(withoutDone).toEqual([fifth, ids[3], ids[2], ids[0]]);
  expect(withoutOldest).toEqual([[sixth, fifth], true]);
  expect([inbox.state.items.map(({ id }) => id), inbox.state.forgotten, inbox.state.counts]).toEqual([[seventh], 6, recount(inbox.state)]);
});

test("an inbox of the largest notifications stays within its bytes, and each is counted once, whether it is held or forgotten", () => {
  const inbox = new PaperInbox();
  const large = { title: "€".repeat(200), body: "€".repeat(2_000), link: `/${"ü".repeat(1_999)}`, data: { text: "€".repeat(4_000) } };

  for (let made = 0; made < 200; made++) inbox.create({ ...large, category: made % 2 === 0 ? "outbid" : "mention" });

  expect(Buffer.byteLength(JSON.stringify(inbox.state.items))).toBeLessThan(1_050_000);
  expect(inbox.state.items.length).toBeGreaterThan(40);
  expect(inbox.state.items.length + inbox.state.forgotten).toBe(200);
  expect(inbox.state.counts).toEqual(recount(inbox.state));
});

test("what is erased is gone with all choices, and positions go on", () => {
  const inbox = new PaperInbox();
  inbox.create({}, "key");
  inbox.append([{ kind: "quiet", hours: { from: "22:00", to: "06:00", zone: "UTC" } }]);
  const { count, top } = inbox.state;

  inbox.append([{ kind: "erased", at: inbox.now }]);

  expect(inbox.state).toEqual({ ...emptyInbox, count: count + 1, top, erasedAt: count + 1 });
});

test("a collapse key is its category's own, and a lower priority takes no critical one's place", () => {
  const inbox = new PaperInbox();
  const critical = inbox.create({ collapseKey: "7", priority: "critical" });
  const other = inbox.create({ collapseKey: "7", category: "mention" });

  const low = inbox.create({ collapseKey: "7", priority: "low" });
  const before = inbox.state.items.map(({ id }) => id);
  const next = inbox.create({ collapseKey: "7", priority: "critical" });

  expect(before).toEqual([low.id, other.id, critical.id]);
  expect(inbox.state.items.map(({ id, count }) => [id, count])).toEqual([
    [next.id, 2],
    [other.id, 1],
    [critical.id, 1],
  ]);
});
