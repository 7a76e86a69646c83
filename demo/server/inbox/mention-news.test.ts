import { documentRoom } from "nexios/collab";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, deskName } from "../../rooms/desk.ts";
import { InboxHouse } from "./inbox.fixture.ts";

const ann = { id: "ann", name: "Ann" };
const bob = { id: "bob", name: "Bob" };
let house: InboxHouse;

beforeEach(async () => {
  house = new InboxHouse();
  await house.open();
  for (const user of [ann, bob]) await house.app.room(documentRoom, { id: "foreword" }).call("open", { isAlone: false }, { user });
});

afterEach(() => house.close());

/** Somebody writes at the end; time goes on until the desk has looked at it. */
async function write(text: string, user = bob): Promise<void> {
  await house.documents.edit("foreword", (all) => all.insert(all.length, text), { user });
  await untilLooked();
}

async function untilLooked(): Promise<void> {
  const { count } = await house.app.room(documentRoom, { id: "foreword" }).state();
  for (;;) {
    const told = (await house.app.room(desk, { deskId: deskName }).state()).find(({ id }) => id === "foreword");
    if ((told?.count ?? 0) >= count) return house.settle();
    await house.clock.advance(5_000);
    await setImmediate();
  }
}

async function mentions(userId: string): Promise<readonly string[]> {
  return (await house.items(userId)).map(({ body = "" }) => body);
}

test("who is named in a text is told once, by whom and in which line; further edits tell nothing", async () => {
  await write("\nWhat does @Ann say?\n");
  await write("Nobody knows.");
  await write(" Or does @ann?");

  expect(await mentions("ann")).toEqual(["Bob: Nobody knows. Or does @ann?", "Bob: What does @Ann say?"]);
  expect((await house.items("ann"))[0]).toMatchObject({ title: "Foreword", link: "/desk/foreword", data: { kind: "mention", name: "Bob" } });
  expect(await mentions("bob")).toEqual([]);
});

test("who names himself is not told", async () => {
  await write("@Ann was here", ann);

  expect(await mentions("ann")).toEqual([]);
});

test("who names himself beside what others have written is not told of that again", async () => {
  await write(" @Ann");
  await write(" @Ann herself", ann);

  expect(await mentions("ann")).toHaveLength(1);
});

test("a mention that was taken away and is written again is a new one", async () => {
  await write(" @Ann");
  await house.documents.edit("foreword", (all) => all.delete(all.length - 5, 5), { user: bob });
  await untilLooked();
  await write(" @Ann");

  expect(await mentions("ann")).toHaveLength(2);
});

test("a restart tells nothing again", async () => {
  await write(" @Ann");
  await house.restart();
  await write(" and so on");

  expect(await mentions("ann")).toHaveLength(1);
});
