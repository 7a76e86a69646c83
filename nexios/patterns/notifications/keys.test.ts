import { expect, test } from "vitest";
import { PaperInbox, startAt } from "./paper-inbox.fixture.ts";

const dayMs = 86_400_000;

test("the same key a thousand times is one notification, and the first id is the answer", () => {
  const inbox = new PaperInbox();
  const first = inbox.create({ title: "First" }, "key");

  const others = Array.from({ length: 999 }, () => inbox.create({ title: "Again" }, "key"));

  expect(new Set(others.map(({ id, isNew }) => `${id} ${isNew}`))).toEqual(new Set([`${first.id} false`]));
  expect(inbox.state.items.map(({ title }) => title)).toEqual(["First"]);
});

test("a key is known for thirty days at least, whether its notification is still there or not, and goes with the next one after that", () => {
  const inbox = new PaperInbox({ notifications: 1 });
  const { id } = inbox.create({}, "key");
  inbox.create({}, "other");
  inbox.pass(30 * dayMs);

  const within = inbox.create({}, "key");
  inbox.pass(dayMs);
  inbox.create({}, "third");
  const after = inbox.create({}, "key");

  expect([within, after.isNew]).toEqual([{ id, isNew: false }, true]);
  expect(inbox.state.keys.map(([hash]) => hash)).toEqual(["third", "key"]);
  expect(inbox.state.keysSince).toBe(0);
});

test("past their limit the oldest keys go early, and the inbox says since when keys are known for certain", () => {
  const inbox = new PaperInbox({ keys: 2 });
  inbox.create({}, "a");
  inbox.pass(dayMs);
  inbox.create({}, "b");
  const before = inbox.state.keysSince;

  inbox.create({}, "c");

  expect(before).toBe(0);
  expect(inbox.state.keys.map(([hash]) => hash)).toEqual(["b", "c"]);
  expect(inbox.state.keysSince).toBe((Math.floor(startAt / dayMs) + 1) * dayMs);
  expect(inbox.create({}, "a").isNew).toBe(true);
});

test("what is made without a key is made each time, and keeps no key", () => {
  const inbox = new PaperInbox();

  inbox.create();
  inbox.create();

  expect([inbox.state.items.length, inbox.state.keys]).toEqual([2, []]);
});

test("a key says whether the same was made under it, as long as it is known", () => {
  const inbox = new PaperInbox({ notifications: 1 });
  const { id } = inbox.create({}, "key", "one");
  inbox.create();

  expect(inbox.create({}, "key", "one")).toEqual({ id, isNew: false });
  expect(inbox.create({}, "key", "two")).toEqual({ id, isNew: false, isOther: true });
  expect(inbox.state.keys.map(([hash, , , content]) => [hash, content])).toEqual([["key", "one"]]);
});
