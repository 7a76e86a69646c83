import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { authorsAt } from "./attribution.ts";
import { Desk } from "./session-desk.fixture.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open({ foldPieces: 6 });
  await desk.documents.create("1", "one two three");
});

afterEach(() => desk.close());

/** Sessions that leave more pieces than text, until the document has been folded so often. */
async function foldTimes(times: number): Promise<void> {
  const past = desk.documents.past("1");
  const user = { id: "cat", name: "Cat" };
  await past.catchUp();
  const wanted = past.folds.length + times;
  for (let edit = 0; past.folds.length < wanted; edit++) {
    await desk.documents.edit("1", (text) => text.insert(text.length, ` ${edit % 10}`), { user });
    await desk.documents.edit("1", (text) => text.delete(text.length - 2, 2), { user });
    await past.catchUp();
  }
}

test("what somebody wrote while the document was folded three times is in it, once, where he wrote it, as his", async () => {
  const { session, cut, mend } = desk.write("ann");
  await session.opened();
  cut();
  session.edit((text) => text.insert(3, " and a half"));
  session.edit((text) => text.delete(session.text.indexOf("three"), 5));
  await foldTimes(3);

  mend();
  await session.saved();
  await vi.waitFor(() => expect(session.canWrite).toBe(true));

  expect([session.refused, session.text]).toEqual([undefined, "one and a half two "]);
  session.edit((text) => text.insert(0, "0 "));
  await session.saved();
  expect(await desk.documents.text("1")).toBe("0 one and a half two ");
  const past = desk.documents.past("1");
  await past.catchUp();
  expect((await authorsAt(past, past.count)).map(({ text, userId }) => [text, userId])).toEqual([
    ["0 ", "ann"],
    ["one", "nexios"],
    [" and a half", "ann"],
    [" two ", "nexios"],
  ]);
});

test("who is there while it is folded goes on with the same text, and what is on its way then arrives", async () => {
  const { session } = desk.write("ann");
  await session.opened();

  const folding = foldTimes(2);
  for (let word = 0; word < 40; word++) {
    await vi.waitFor(() => expect(session.canWrite).toBe(true));
    session.edit((text) => text.insert(0, `<${word}>`));
    if (word % 4 === 3) await session.saved();
  }
  await folding;
  await session.saved();
  await vi.waitFor(async () => expect(session.text).toBe(await desk.documents.text("1")));

  const text = await desk.documents.text("1");
  expect(session.refused).toBeUndefined();
  expect(text).toBe(`${Array.from({ length: 40 }, (_, word) => `<${39 - word}>`).join("")}one two three`);
});

test("after a fold of which it did not know, a page that is gone has its edits sent by the next one", async () => {
  const { MemoryEditStorage } = await import("./offline.ts");
  const storage = new MemoryEditStorage();
  const first = desk.write("ann", { storage });
  await first.session.opened();
  first.cut();
  first.session.edit((text) => text.insert(0, "kept "));
  await first.session.stored();
  storage.endPages();
  await foldTimes(1);

  const { session } = desk.write("ann", { storage });
  await session.opened();
  await vi.waitFor(() => expect(session.text).toBe("kept one two three"));

  expect(session.refused).toBeUndefined();
});
