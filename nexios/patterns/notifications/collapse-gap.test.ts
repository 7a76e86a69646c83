import { expect, test } from "vitest";
import { nextTurn } from "./collapse-gap.ts";
import type { NotificationContent, SentChannel } from "./entry.ts";
import { hourMs, PaperInbox, startAt } from "./paper-inbox.fixture.ts";

const minuteMs = 60_000;

/** Something new of one key, again and again for so long. */
function stream(inbox: PaperInbox, everyMs: number, forMs: number, content: Partial<NotificationContent> = {}): void {
  const end = inbox.now + forMs;
  while (inbox.now < end) {
    inbox.create({ collapseKey: "lot-1", ...content });
    inbox.pass(everyMs);
  }
}

/** When something was handed over, in seconds. */
function secondsOf({ entries }: PaperInbox, channel: SentChannel, from = startAt): readonly number[] {
  return entries.flatMap((entry) => (entry.kind === "due" && entry.channel === channel ? [(entry.at - from) / 1_000] : []));
}

test("of a key with news each second one is pushed to ever more rarely: after twice as long each time, and once an hour at last", () => {
  const inbox = new PaperInbox();

  stream(inbox, 1_000, 4 * hourMs);

  expect(secondsOf(inbox, "push")).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 7_696, 11_296]);
});

test("the same of mails: after a quarter of an hour, twice as long each time, and once a day at last", () => {
  const inbox = new PaperInbox({}, undefined, { categories: { outbid: { push: "off", email: "on" } } });

  stream(inbox, 5 * minuteMs, 96 * hourMs);

  const quarters = secondsOf(inbox, "email").map((second) => second / 900);
  expect(quarters).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 224, 320]);
});

test("who has looked is pushed to as of something new, and another key, and what has none, never wait", () => {
  const inbox = new PaperInbox();
  stream(inbox, 1_000, hourMs);
  const before = inbox.now;

  inbox.create({ collapseKey: "lot-2" });
  inbox.create();
  inbox.create({ collapseKey: "lot-1" });
  inbox.pass(minuteMs);
  inbox.change({ kind: "seen", upTo: inbox.state.top });
  inbox.create({ collapseKey: "lot-1" });
  inbox.pass(minuteMs);

  expect(secondsOf(inbox, "push", before).filter((second) => second > 0)).toEqual([2, 2, 62]);
  expect(inbox.state.items[0]?.told).toBeUndefined();
});

test("what is critical is not held back, and neither is the first critical one after others", () => {
  const inbox = new PaperInbox();
  stream(inbox, 1_000, hourMs);
  const before = inbox.now;

  stream(inbox, 1_000, 8_000, { priority: "critical" });

  expect(secondsOf(inbox, "push", before).filter((second) => second > 0)).toEqual([2, 4, 6, 8]);
});

test("the first that comes after a long calm is pushed at once, and what was held back comes at its time though nothing follows", () => {
  const inbox = new PaperInbox({}, undefined, { pushGapMs: minuteMs });
  stream(inbox, 1_000, 100_000);
  inbox.pass(hourMs);

  inbox.create({ collapseKey: "lot-1" });
  inbox.pass(hourMs);

  expect(secondsOf(inbox, "push")).toEqual([2, 4, 8, 16, 32, 64, 124, 3_702]);
});

test("a gap of 0 holds nothing back", () => {
  const inbox = new PaperInbox({}, undefined, { pushGapMs: 0 });

  stream(inbox, 1_000, 20_000);

  expect(secondsOf(inbox, "push")).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
});

test("where nothing is waited for at first a second is what is doubled", () => {
  const told = (times: number) => [{ channel: "push", times, at: 0 }] as const;

  expect([1, 2, 3, 40].map((times) => nextTurn(told(times), "push", { afterMs: 0, gapMs: 5_000 }))).toEqual([1_000, 2_000, 4_000, 5_000]);
  expect(nextTurn(told(3), "email", { afterMs: 0, gapMs: 5_000 })).toBe(-Infinity);
});
