import { afterEach, beforeEach, expect, test } from "vitest";
import { activityRoom, type ActivityView } from "./contract.ts";
import { House, newEvent } from "./house.fixture.ts";
import { evolveView, nextEntry, noView } from "./state.ts";

const minuteMs = 60_000;
let house: House;

beforeEach(async () => {
  house = new House();
  await house.open({ maySee: ({ id }) => id === "ann", limits: { labels: 5 } });
});

afterEach(() => house.close());

const room = () => house.app.room(activityRoom, { site: "site" });

/** Lets whole seconds pass, and what is told in each be told. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await house.clock.advance(1_000);
    await house.activity.tell();
  }
}

test("the room shows who is active, events by the minute, the most frequent pages and types, and the newest events", async () => {
  const at = house.clock.now();
  await house.send([
    newEvent({ at: at - 10 * minuteMs, path: "/old" }),
    newEvent({ path: "/a" }),
    newEvent({ path: "/a", visitor: "bob" }),
    newEvent({ type: "bid", path: "/b" }),
  ]);
  await pass(1);

  const view = await room().state();

  expect(view).toMatchObject({
    active: { count: 2, isExact: true },
    sessions: { count: 2, isExact: true },
    pages: {
      last5: [
        { label: "/a", count: 2 },
        { label: "/b", count: 1 },
      ],
    },
    types: {
      last30: [
        { label: "page", count: 3 },
        { label: "bid", count: 1 },
      ],
    },
  });
  expect(view.pages.last30.map(({ label }) => label)).toEqual(["/a", "/b", "/old"]);
  expect(view.minutes).toHaveLength(30);
  expect([view.minutes.at(-1), view.minutes.at(-11)]).toEqual([3, 1]);
  expect(view.latest.map(({ path }) => path)).toEqual(["/old", "/a", "/a", "/b"]);
});

test("a second has one entry however many events come, and none when nothing changes", async () => {
  await pass(1);
  for (let count = 0; count < 20; count++) await house.send([newEvent()]);
  await house.clock.advance(1_000);
  await house.activity.tell();
  const { length } = await room().entries(0, 100);
  await pass(20);

  expect(length).toBe(1);
  expect(await room().entries(0, 100)).toHaveLength(1);
});

test("who is no longer active leaves without an event", async () => {
  await house.send([newEvent()]);
  await pass(1);

  await house.clock.advance(5 * minuteMs);
  await house.activity.tell();

  expect(await room().state()).toMatchObject({ active: { count: 0 }, sessions: { count: 1 } });
});

test("the live list has the newest fifty, in the order of their times, however they come", async () => {
  const at = house.clock.now();
  for (const offset of [30, 0, 60, 10]) await house.send(Array.from({ length: 20 }, (_, index) => newEvent({ at: at - 100 + offset + index })));
  await pass(1);

  const { latest } = await room().state();

  expect(latest).toHaveLength(50);
  expect(latest.map((event) => event.at)).toEqual(latest.map((event) => event.at).toSorted((a, b) => a - b));
  expect(latest.at(-1)?.at).toBe(at - 100 + 79);
});

test("a minute tells so many names apart, and counts the rest as others", async () => {
  await house.send(Array.from({ length: 8 }, (_, index) => newEvent({ path: `/${index}` })));
  await house.send(Array.from({ length: 8 }, (_, index) => newEvent({ path: `/${index}` })));
  const others = { label: "(other)", count: 6 };

  expect((await house.activity.top("path"))[0]).toEqual(others);
  expect(await house.activity.top("path")).toHaveLength(6);
  expect(house.activity.view().pages.last5[0]).toEqual(others);
  expect(await house.activity.summary()).toMatchObject({ events: 16 });
});

test("only who may see it is in the room, and nobody but the server tells it anything", async () => {
  const entry = { kind: "seen", ...noView, added: [] } as const;

  await expect(room().call("tell", entry, { user: { id: "bob", name: "Bob" } })).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await room().call("tell", entry, { user: { id: "ann", name: "Ann" } })).toMatchObject({ kind: "refused", code: "FORBIDDEN" });
});

test("without a word on who may see it nobody does", async () => {
  await house.app.stop();
  await house.open();

  await expect(room().call("tell", { kind: "seen", ...noView, added: [] }, { user: { id: "ann", name: "Ann" } })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("after each entry a page has the view that the server has", () => {
  const event = (id: string, at: number) => ({ id, at, type: "page" });
  const views: readonly ActivityView[] = [
    { ...noView, at: 1, latest: [event("1", 5)] },
    { ...noView, at: 2, latest: [event("0", 4), event("1", 5), event("2", 6)] },
    { ...noView, at: 3, active: { count: 1, isExact: true }, latest: Array.from({ length: 50 }, (_, index) => event(`x${index}`, 10 + index)) },
  ];

  let known = noView;
  for (const view of views) {
    const entry = nextEntry(known, view);
    if (entry === undefined) throw new Error("Nothing was told");
    known = evolveView(known, entry);
    expect(known).toEqual(view);
  }
  expect(nextEntry(known, { ...known, at: 4 })).toBeUndefined();
});
