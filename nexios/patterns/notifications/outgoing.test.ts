import { expect, test } from "vitest";
import type { InboxEntry } from "./entry.ts";
import { toStanding } from "./outgoing.ts";
import { PaperInbox, startAt } from "./paper-inbox.fixture.ts";

const minuteMs = 60_000;
const facts = { userId: "ann", digestTitle: () => "Some" };

/** A push that is due, and what happens before it is sent. */
function standAfter(changes: readonly InboxEntry[], content: Parameters<PaperInbox["create"]>[0] = {}, passMs = 0): string {
  const inbox = new PaperInbox();
  inbox.create(content);
  inbox.pass(2_000);
  const due = inbox.entries.find((entry) => entry.kind === "due");
  if (due?.kind !== "due") throw new Error("It is not due");
  inbox.append(changes);
  const standing = toStanding(inbox.state, due, { ...facts, now: inbox.now + passMs });
  return standing.kind === "drop" ? standing.why : standing.kind;
}

test("what was due is sent as long as nothing speaks against it", () => {
  const id = new PaperInbox().create().id;
  const at = startAt + 2_000;

  expect(standAfter([])).toBe("send");
  expect(standAfter([{ kind: "received", upTo: 1_000 }])).toBe("received");
  expect(standAfter([{ kind: "seen", upTo: 1_000 }])).toBe("seen");
  expect(standAfter([{ kind: "read", ids: [id] }])).toBe("seen");
  expect(standAfter([{ kind: "archived", ids: [id] }])).toBe("archived");
  expect(standAfter([{ kind: "snoozed", ids: [id], until: at + minuteMs }])).toBe("snoozed");
  expect(standAfter([{ kind: "expired", ids: [id] }])).toBe("gone");
  expect(standAfter([{ kind: "erased", at }])).toBe("gone");
  expect(standAfter([], { expiresAt: at + minuteMs }, minuteMs - 1)).toBe("send");
  expect(standAfter([], { expiresAt: at + minuteMs }, minuteMs)).toBe("expired");
});

test("quiet hours that have begun, a mute and a choice hold what was due before them; critical passes", () => {
  const changes: readonly InboxEntry[] = [
    { kind: "quiet", hours: { from: "12:00", to: "18:00", zone: "UTC" } },
    { kind: "preferred", category: "outbid", channel: "push", choice: "off" },
    { kind: "muted", thread: "lot-1", until: startAt + 60 * minuteMs, at: startAt },
  ];

  expect(changes.map((change) => standAfter([change], { thread: "lot-1" }))).toEqual(["hold", "off", "muted"]);
  expect(standAfter(changes, { thread: "lot-1", priority: "critical" })).toBe("send");
  expect(standAfter(changes.slice(2), { thread: "lot-2" })).toBe("send");
});

test("a digest of which all was seen since is not sent, and one whose notifications the inbox no longer holds counts them", () => {
  const inbox = new PaperInbox({ notifications: 3 });
  for (let made = 0; made < 5; made++) inbox.create({ category: "mention", title: `Number ${made}` });
  inbox.pass(60 * minuteMs);
  const digest = inbox.entries.find((entry) => entry.kind === "digested");
  if (digest?.kind !== "digested") throw new Error("It is not closed");

  const whole = toStanding(inbox.state, digest, { ...facts, now: inbox.now });
  inbox.change({ kind: "seen", upTo: inbox.state.top });
  const seen = toStanding(inbox.state, digest, { ...facts, now: inbox.now });

  expect(whole).toMatchObject({ kind: "send", outgoing: { count: 5, title: "Some" } });
  expect(whole.kind === "send" && whole.outgoing.digest?.map(({ title }) => title)).toEqual(["Number 4", "Number 3", "Number 2"]);
  expect(seen).toMatchObject({ kind: "drop", why: "seen" });
});

test("quiet hours of a zone that the engine does not know hold nothing that is due", () => {
  expect(standAfter([{ kind: "quiet", hours: { from: "12:00", to: "18:00", zone: "Mars/Base" } }])).toBe("send");
});

test("of any number of digests that are closed at once each is sent, and those that came to something go first", () => {
  const categories = Array.from({ length: 15 }, (_, number) => `category ${number}`);
  const inbox = new PaperInbox({}, () => {}, {
    categories: Object.fromEntries(categories.map((name) => [name, { push: "digest", email: "digest" } as const])),
  });
  for (const category of categories) inbox.create({ category });
  inbox.pass(60 * minuteMs);
  const closed = inbox.entries.filter((entry) => entry.kind === "digested");

  const standings = closed.map((entry) => toStanding(inbox.state, entry, { ...facts, now: inbox.now }).kind);
  for (const { delivery, channel } of closed.slice(5)) {
    inbox.append([{ kind: "delivered", delivery, outcome: { endpoint: channel === "push" ? "e1" : "e2", status: "sent", attempt: 1, at: inbox.now } }]);
  }
  inbox.create({ category: "category 0" });
  inbox.pass(60 * minuteMs);

  expect(standings).toEqual(Array.from({ length: 30 }, () => "send"));
  expect(inbox.state.closedDigests).toHaveLength(20);
  expect(closed.slice(0, 5).every(({ delivery }) => inbox.state.closedDigests.some(({ id }) => id === delivery))).toBe(true);
});

test("digests that come to nothing are kept until there are 200 of them", () => {
  const inbox = new PaperInbox();
  for (let closed = 0; closed < 110; closed++) {
    inbox.create({ category: "mention" });
    inbox.pass(60 * minuteMs);
  }

  expect(inbox.state.closedDigests).toHaveLength(200);
  expect(inbox.state.closedDigests.at(-1)?.id).toBe("digest-220-email");
});
