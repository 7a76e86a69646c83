import fc from "fast-check";
import { expect, test } from "vitest";
import type { InboxEntry } from "./entry.ts";
import { acts, hourMs, PaperInbox, startAt } from "./paper-inbox.fixture.ts";

const minuteMs = 60_000;

/** What was handed over, and when, from the beginning of the paper. */
function sentBy({ entries }: PaperInbox): readonly string[] {
  return entries.flatMap((entry) => (entry.kind === "due" || entry.kind === "digested" ? [`${entry.delivery} ${entry.at - startAt}`] : []));
}

test("what no device has in two seconds is pushed, what nobody has seen in fifteen minutes is mailed, each once", () => {
  const inbox = new PaperInbox();
  const { id } = inbox.create();

  inbox.pass(24 * hourMs);

  expect(sentBy(inbox)).toEqual([`${id}-push 2000`, `${id}-email ${15 * minuteMs}`]);
  expect(inbox.state.items[0]?.deliveries.map((delivery) => delivery.id)).toEqual([`${id}-push`, `${id}-email`]);
});

test("what a device has is not pushed, and what was seen, read, archived or snoozed on any device is not sent at all", () => {
  const inbox = new PaperInbox();
  const ids = Array.from({ length: 4 }, () => inbox.create().id);
  inbox.change({ kind: "received", upTo: inbox.state.top });

  inbox.change({ kind: "seen", upTo: Number(ids[0]) });
  inbox.change({ kind: "read", ids: [ids[1] ?? ""] });
  inbox.change({ kind: "archived", ids: [ids[2] ?? ""] });
  inbox.pass(hourMs);

  expect(sentBy(inbox)).toEqual([`${ids[3]}-email ${15 * minuteMs}`]);
});

test("what takes another's place takes its turns too, so that one which is collapsed again and again is pushed and mailed all the same", () => {
  const inbox = new PaperInbox();
  const ids: string[] = [];
  for (let made = 0; made < 1_000; made++) {
    ids.push(inbox.create({ collapseKey: "lot-1" }).id);
    inbox.pass(1_000);
  }

  expect(sentBy(inbox).slice(0, 2)).toEqual([`${ids[1]}-push 2000`, `${ids[3]}-push 4000`]);
  expect(sentBy(inbox).filter((sent) => sent.includes("email"))).toEqual([`${ids[899]}-email ${15 * minuteMs}`]);
});

test("what takes the place of one that quiet hours hold waits for their end too", () => {
  const inbox = new PaperInbox();
  inbox.append([{ kind: "quiet", hours: { from: "12:00", to: "18:00", zone: "UTC" } }]);
  inbox.create({ collapseKey: "lot-1" });
  inbox.pass(hourMs);

  const { id } = inbox.create({ collapseKey: "lot-1" });
  inbox.pass(24 * hourMs);

  expect(sentBy(inbox)).toEqual([`${id}-push ${6 * hourMs}`, `${id}-email ${6 * hourMs}`]);
});

test("what has expired by its turn is not sent, even where the room is woken late", () => {
  const inbox = new PaperInbox();
  inbox.create({ expiresAt: inbox.now + 1_000 });

  inbox.pass(hourMs);

  expect(sentBy(inbox)).toEqual([]);
});

test("quiet hours hold what makes a noise until they end, to the millisecond; critical passes, which is written down; what expires meanwhile is dropped", () => {
  const inbox = new PaperInbox();
  inbox.append([{ kind: "quiet", hours: { from: "12:00", to: "18:00", zone: "UTC" } }]);
  const held = inbox.create();
  const critical = inbox.create({ priority: "critical" });
  inbox.create({ expiresAt: startAt + 6 * hourMs });

  inbox.pass(24 * hourMs);

  expect(sentBy(inbox)).toEqual([
    `${critical.id}-push 2000`,
    `${critical.id}-email ${15 * minuteMs}`,
    `${held.id}-push ${6 * hourMs}`,
    `${held.id}-email ${6 * hourMs}`,
  ]);
  expect(inbox.state.items.find(({ id }) => id === critical.id)?.deliveries.map(({ passed }) => passed)).toEqual([["quiet"], ["quiet"]]);
  expect(inbox.state.items.map(({ announces }) => announces)).toEqual([true, true]);
});

test("what quiet hours find handed over and not sent comes due again when they end, under the same id, and each endpoint's report stays", () => {
  const inbox = new PaperInbox();
  const { id } = inbox.create();
  inbox.append([{ kind: "quiet", hours: { from: "12:10", to: "18:00", zone: "UTC" } }]);
  inbox.pass(2_000);
  const early = inbox.postpone(`${id}-push`);
  const outcome = { endpoint: "e9", status: "sent", attempt: 1, at: inbox.now } as const;
  inbox.append([{ kind: "delivered", delivery: `${id}-push`, outcome }]);
  inbox.pass(10 * minuteMs);

  const answers = [inbox.postpone(`${id}-push`), inbox.postpone(`${id}-push`), inbox.postpone("99-push")];
  const waiting = inbox.state.items[0]?.steps.length;
  inbox.pass(24 * hourMs);

  expect([early, ...answers, waiting]).toEqual(["NOT_QUIET", "accepted", "accepted", "UNKNOWN_DELIVERY", 2]);
  expect(sentBy(inbox)).toEqual([`${id}-push 2000`, `${id}-email ${6 * hourMs}`, `${id}-push ${6 * hourMs}`]);
  expect(inbox.entries.filter(({ kind }) => kind === "postponed")).toHaveLength(1);
  expect(inbox.state.items[0]?.deliveries.map((delivery) => [delivery.id, delivery.at - startAt, delivery.attempts])).toEqual([
    [`${id}-push`, 6 * hourMs, [outcome]],
    [`${id}-email`, 6 * hourMs, []],
  ]);
});

test("what waits for the end of quiet hours after its turn is not sent any more once it was seen or has come to a device", () => {
  const inbox = new PaperInbox();
  const ids = [inbox.create().id, inbox.create().id, inbox.create({ expiresAt: startAt + hourMs }).id, inbox.create().id];
  inbox.pass(2_000);
  inbox.append([{ kind: "quiet", hours: { from: "12:00", to: "18:00", zone: "UTC" } }]);
  inbox.change({ kind: "archived", ids: [ids[3] ?? ""] });
  for (const id of ids) inbox.postpone(`${id}-push`);

  inbox.change({ kind: "received", upTo: Number(ids[0]) });
  inbox.change({ kind: "read", ids: [ids[1] ?? ""] });
  const before = sentBy(inbox).length;
  inbox.pass(24 * hourMs);

  expect(sentBy(inbox).slice(before)).toEqual([`${ids[0]}-email ${6 * hourMs}`]);
});

test("a digest that quiet hours find closed and not sent is closed again when they end, with what nobody has seen by then; what comes meanwhile is in another", () => {
  const inbox = new PaperInbox({ notifications: 3 });
  const ids = [1, 2, 3, 4].map(() => inbox.create({ category: "mention" }).id);
  inbox.pass(hourMs);
  inbox.append([{ kind: "quiet", hours: { from: "13:00", to: "18:00", zone: "UTC" } }]);

  const answers = [inbox.postpone("digest-1-push"), inbox.postpone("digest-1-push")];
  inbox.change({ kind: "read", ids: [ids[1] ?? ""] });
  const late = inbox.create({ category: "mention" }).id;
  inbox.pass(24 * hourMs);

  expect(answers).toEqual(["accepted", "accepted"]);
  expect(inbox.entries.flatMap((entry) => (entry.kind === "digested" ? [[entry.delivery, entry.notifications, entry.more, entry.at - startAt]] : []))).toEqual([
    ["digest-1-push", [ids[3], ids[2], ids[1]], 1, hourMs],
    ["digest-2-email", [ids[3], ids[2], ids[1]], 1, hourMs],
    ["digest-1-push", [ids[3], ids[2]], 1, 6 * hourMs],
    ["digest-3-push", [late], 0, 6 * hourMs],
    ["digest-4-email", [late], 0, 6 * hourMs],
  ]);
  expect(inbox.state.closedDigests.map(({ id }) => id).toSorted()).toEqual(["digest-1-push", "digest-2-email", "digest-3-push", "digest-4-email"]);
});

test("quiet hours of a zone that the engine does not know hold nothing, and stop nothing", () => {
  const inbox = new PaperInbox();
  inbox.append([{ kind: "quiet", hours: { from: "12:00", to: "18:00", zone: "Mars/Base" } }]);
  const { id } = inbox.create();

  inbox.pass(minuteMs);

  expect(sentBy(inbox)).toEqual([`${id}-push 2000`]);
});

test("who ends his quiet hours gets at once what they held", () => {
  const inbox = new PaperInbox();
  inbox.append([{ kind: "quiet", hours: { from: "12:00", to: "18:00", zone: "UTC" } }]);
  const { id } = inbox.create();
  inbox.pass(minuteMs);

  inbox.append([{ kind: "quiet", hours: null }]);
  inbox.pass(0);

  expect(sentBy(inbox)).toEqual([`${id}-push ${minuteMs}`]);
});

test("a muted thread and a channel that is off send nothing, from now on and of what waits; critical passes both, which is written down", () => {
  const inbox = new PaperInbox();
  inbox.create({ thread: "lot-1" });
  inbox.append([
    { kind: "muted", thread: "lot-1", until: startAt + hourMs, at: startAt },
    { kind: "preferred", category: "outbid", channel: "push", choice: "off" },
  ]);
  const muted = inbox.create({ thread: "lot-1" });
  const loud = inbox.create({ thread: "lot-1", priority: "critical" });
  inbox.pass(hourMs);
  const later = inbox.create({ thread: "lot-1" });
  inbox.pass(hourMs);

  expect(sentBy(inbox)).toEqual([`${loud.id}-push 2000`, `${loud.id}-email ${15 * minuteMs}`, `${later.id}-email ${hourMs + 15 * minuteMs}`]);
  expect(inbox.state.items.map(({ id, announces, passed }) => [id, announces, passed])).toEqual([
    [later.id, true, undefined],
    [loud.id, true, ["mute", "preference"]],
    [muted.id, false, undefined],
    ["3", true, undefined],
  ]);
});

test("a digest is opened by its first notification, closed by its time, and leaves out what was seen by then", () => {
  const inbox = new PaperInbox();
  const first = inbox.create({ category: "mention" });
  inbox.pass(30 * minuteMs);
  inbox.change({ kind: "seen", upTo: inbox.state.top });
  const second = inbox.create({ category: "mention" });
  inbox.pass(30 * minuteMs);
  const third = inbox.create({ category: "mention" });
  inbox.pass(hourMs);

  expect(first.id).toBe("3");
  expect(inbox.entries.flatMap((entry) => (entry.kind === "digested" ? [[entry.delivery, entry.notifications, entry.at - startAt]] : []))).toEqual([
    ["digest-1-push", [second.id], hourMs],
    ["digest-2-email", [second.id], hourMs],
    ["digest-3-push", [third.id], 2 * hourMs],
    ["digest-4-email", [third.id], 2 * hourMs],
  ]);
  expect(inbox.state.closedDigests).toHaveLength(4);
});

test("a digest in which all was seen is not sent", () => {
  const inbox = new PaperInbox();
  inbox.create({ category: "mention" });
  inbox.change({ kind: "seen", upTo: inbox.state.top });

  inbox.pass(2 * hourMs);

  expect([sentBy(inbox), inbox.state.digests]).toEqual([[], []]);
});

test("a digest of more than the inbox holds counts all of them, once", () => {
  const inbox = new PaperInbox({ notifications: 50 });
  for (let made = 0; made < 1_000; made++) {
    inbox.create({ category: "mention" });
    inbox.pass(8_000);
  }
  inbox.pass(2 * hourMs);

  const digests = inbox.entries.flatMap((entry) => (entry.kind === "digested" && entry.channel === "email" ? [entry] : []));
  const ids = digests.flatMap(({ notifications }) => notifications);
  expect(digests.length).toBe(3);
  expect(digests.reduce((sum, { notifications, more }) => sum + notifications.length + more, 0)).toBe(1_000);
  expect(new Set(ids).size).toBe(ids.length);
});

test("where there is nowhere to send to, nothing is handed over", () => {
  const inbox = new PaperInbox();
  inbox.append([
    { kind: "endpointRemoved", id: "e1" },
    { kind: "endpointRemoved", id: "e2" },
  ]);
  inbox.create();
  inbox.create({ category: "mention" });

  inbox.pass(2 * hourMs);

  expect([sentBy(inbox), inbox.state.digests, inbox.state.items.flatMap(({ steps }) => steps)]).toEqual([[], [], []]);
});

let postponed = 0;

test("whatever happens, a notification is sent once on a channel at most, never after it was seen, and never in quiet hours unless it is critical", () => {
  fc.assert(
    fc.property(acts, (script) => {
      const wrong: string[] = [];
      const sent = new Set<string>();
      const seen = new Set<string>();
      const critical = new Set<string>();
      const note = (notification: string, channel: string, isExcused: boolean): void => {
        const name = `${notification} ${channel}`;
        if (seen.has(notification)) wrong.push(`${name} after it was seen`);
        if (sent.has(name)) wrong.push(`${name} twice`);
        if (!isExcused) wrong.push(`${name} in quiet hours`);
        sent.add(name);
      };
      const look = (entry: InboxEntry, { quiet, items }: PaperInbox["state"]): void => {
        const hour = "at" in entry ? new Date(entry.at).getUTCHours() : 12;
        const isQuiet = quiet !== undefined && (hour >= 21 || hour < 5);
        if (entry.kind === "due") {
          note(entry.notification, entry.channel, !isQuiet || critical.has(entry.notification));
          if ((entry.passed?.includes("quiet") ?? false) !== isQuiet) wrong.push(`${entry.delivery} says nothing of quiet hours`);
        }
        // It was not sent yet.
        if (entry.kind === "postponed") {
          postponed++;
          for (const { id, deliveries } of items) if (deliveries.some((each) => each.id === entry.delivery)) sent.delete(`${id} ${entry.channel}`);
        }
        if (entry.kind === "digested") for (const id of entry.notifications) note(id, entry.channel, !isQuiet);
        for (const { id, isSeen, priority } of items) {
          if (isSeen) seen.add(id);
          if (priority === "critical") critical.add(id);
        }
      };
      const inbox = new PaperInbox({ notifications: 8 }, look);

      for (const act of script) inbox.play(act);
      inbox.pass(48 * hourMs);

      expect(wrong).toEqual([]);
      expect([inbox.state.items.flatMap(({ steps }) => steps), inbox.state.digests]).toEqual([[], []]);
    }),
    { numRuns: 300 },
  );

  expect(postponed).toBeGreaterThan(10);
});
