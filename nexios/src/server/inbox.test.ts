import { expect, test } from "vitest";
import { Inbox } from "./inbox.ts";
import { defaultLimits } from "./limits.ts";

function open(limits: { unreadMessages?: number; unreadBytes?: number } = {}) {
  const pauses: boolean[] = [];
  const inbox = new Inbox({ ...defaultLimits, ...limits }, (paused) => pauses.push(paused));
  return { inbox, pauses };
}

test("messages are given in the order in which they came, whether they were awaited or not", async () => {
  const { inbox } = open();
  inbox.push("1");
  const [first, second, third] = [inbox.next(), inbox.next(), inbox.next()];

  inbox.push("2");
  inbox.push("3");

  expect(await Promise.all([first, second, third])).toEqual(["1", "2", "3"]);
});

test("the peer is not read from at `unreadMessages`, and again at half of them", async () => {
  const { inbox, pauses } = open({ unreadMessages: 4 });

  for (const text of ["1", "2", "3"]) inbox.push(text);
  const below = [...pauses];
  inbox.push("4");
  const full = inbox.paused;
  await inbox.next();
  const aboveHalf = inbox.paused;
  await inbox.next();

  expect(below).toEqual([]);
  expect([full, aboveHalf]).toEqual([true, true]);
  expect(pauses).toEqual([true, false]);
});

test("the peer is not read from at `unreadBytes`, and again at half of them", async () => {
  const { inbox, pauses } = open({ unreadBytes: 100 });

  inbox.push(new Uint8Array(30));
  inbox.push("x".repeat(20));
  inbox.push("x".repeat(49));
  const below = inbox.paused;
  inbox.push("x");
  const full = inbox.paused;
  await inbox.next();
  const aboveHalf = inbox.paused;
  await inbox.next();

  expect([below, full, aboveHalf]).toEqual([false, true, true]);
  expect(pauses).toEqual([true, false]);
});

test("a message that somebody waits for is not counted", async () => {
  const { inbox, pauses } = open({ unreadMessages: 1 });
  const waiting = inbox.next();

  inbox.push("1");

  expect(await waiting).toBe("1");
  expect(pauses).toEqual([]);
});

test("what came before the end is still given, then all reject", async () => {
  const { inbox } = open();
  inbox.push("last");

  inbox.close(4503, "later");

  expect(await inbox.next()).toBe("last");
  await expect(inbox.next()).rejects.toMatchObject({ code: "CONNECTION_CLOSED", message: "The connection has ended (4503 later)" });
  await expect(inbox.next()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
});

test("all who wait when it ends are rejected", async () => {
  const { inbox } = open();
  const waiting = [inbox.next(), inbox.next()];

  inbox.close(1006, "");

  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("whoever is given the messages gets those that wait, in order, then each as it comes; the peer is read from again", () => {
  const { inbox, pauses } = open({ unreadMessages: 2 });
  for (const text of ["1", "2"]) inbox.push(text);
  const given: unknown[] = [];

  inbox.give((received) => given.push(received));
  for (const text of ["3", "4", "5", "6"]) inbox.push(text);

  expect(given).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(pauses).toEqual([true, false]);
});
