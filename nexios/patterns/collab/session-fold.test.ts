import { browserWorld, NexiosError } from "nexios/client";
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

test("much that was written for the document before it was folded comes in parts, each once and in its place, over more folds and replies that are lost", async () => {
  const after = (_ms: number, fire: () => void): (() => void) => browserWorld.clock.after(0, fire);
  const { session, cut, mend } = desk.write("ann", { clock: { after } });
  await session.opened();
  session.edit((text) => text.insert(3, "[]"));
  await session.saved();
  cut();
  // Each hangs on those before it, and what is deleted is of parts that went before.
  for (let word = 0; word < 30; word++)
    session.edit((text) => text.insert(4 + word * 6_000, `${String(word).padStart(2, "0")}${"é".repeat(2_000)}${"x".repeat(3_998)}`));
  for (let word = 0; word < 30; word++) session.edit((text) => text.delete(4 + word * 4_000 + 2, 2_000));
  session.edit((text) => text.insert(0, "<first>"));
  await foldTimes(2);
  const call = session.room.call.bind(session.room) as (name: string, input: unknown, options: object) => Promise<unknown>;
  let carries = 0;
  const calling = vi.spyOn(session.room, "call").mockImplementation((async (name: string, input: unknown, options: object) => {
    const outcome = await call(name, input, options);
    if (name !== "carry") return outcome;
    carries++;
    if (carries % 2 === 0) throw new NexiosError("UNAVAILABLE", "The reply is lost");
    if (carries === 3) await foldTimes(1);
    return outcome;
  }) as never);

  mend();
  await session.saved();
  await vi.waitFor(() => expect(session.canWrite).toBe(true));
  calling.mockRestore();
  session.edit((text) => text.insert(text.length, "!"));
  await session.saved();

  expect(carries).toBeGreaterThan(6);
  expect(session.refusals).toEqual([]);
  const written = Array.from({ length: 30 }, (_, word) => `${String(word).padStart(2, "0")}${"x".repeat(3_998)}`).join("");
  expect((await desk.documents.text("1")) === `<first>one[${written}] two three!`).toBe(true);
  expect(session.text === (await desk.documents.text("1"))).toBe(true);
});

test("much that a page has left before a fold is taken over, and holds up nothing that the next one writes", async () => {
  const { MemoryEditStorage } = await import("./offline.ts");
  const storage = new MemoryEditStorage();
  const first = desk.write("ann", { storage });
  await first.session.opened();
  first.cut();
  for (let part = 0; part < 20; part++) first.session.edit((text) => text.insert(text.length, "word ".repeat(1_000)));
  await first.session.stored();
  await first.client.close();
  storage.endPages();
  await foldTimes(1);

  const { session } = desk.write("ann", { storage });
  await session.opened();
  session.edit((text) => text.insert(0, "new "));
  await session.saved();
  await vi.waitFor(async () => expect(await storage.load("document/1")).toEqual([]));

  expect(session.refusals).toEqual([]);
  expect((await desk.documents.text("1")) === `new one two three${"word ".repeat(20_000)}`).toBe(true);
});

test("what is written before there is a client id is stored at its place, though one's own opening folds the document", async () => {
  // Pieces for a fold that nobody's opening has made yet.
  await desk.close();
  desk = await Desk.open({ foldPieces: 20 });
  await desk.documents.create("1", "one two three");
  const bob = desk.write("bob");
  await bob.session.opened();
  for (let edit = 0; edit < 30; edit++) {
    bob.session.edit((text) => text.insert(0, "ab"));
    bob.session.edit((text) => text.delete(1, 1));
    await bob.session.saved();
  }
  await bob.session.close();
  const past = desk.documents.past("1");
  await past.catchUp();
  const before = past.folds.length;
  const letters = "a".repeat(30);

  const { session } = desk.write("ann");
  const wasAhead = Promise.withResolvers<boolean>();
  session.onChange(() => {
    if (session.text !== `${letters}one two three`) return;
    wasAhead.resolve(session.client === undefined);
    session.edit((text) => text.insert(34, "<my words> "));
    session.edit((text) => text.delete(session.text.indexOf("three"), 5));
  });
  const isAhead = await wasAhead.promise;
  await session.saved();
  await past.catchUp();

  expect([isAhead, past.folds.length - before, session.refusals]).toEqual([true, 1, []]);
  expect([session.text, await desk.documents.text("1")]).toEqual([`${letters}one <my words> two `, `${letters}one <my words> two `]);
});

test("what is written while what was written before a fold is taken over is stored too, among what others write", async () => {
  const { session, cut, mend } = desk.write("ann");
  await session.opened();
  cut();
  session.edit((text) => text.insert(3, " and a half"));
  await foldTimes(1);
  await desk.documents.edit("1", (text) => text.insert(0, "zero "));
  const wasAhead = Promise.withResolvers<boolean>();
  session.onChange(() => {
    if (session.client !== undefined || session.text.includes("four")) return;
    wasAhead.resolve(session.isSaved);
    session.edit((text) => text.insert(session.text.indexOf(" two"), " and four"));
  });

  mend();
  const wasSaved = await wasAhead.promise;
  await session.saved();

  expect([wasSaved, session.refusals]).toEqual([false, []]);
  expect([session.text, await desk.documents.text("1")]).toEqual(["zero one and a half and four two three", "zero one and a half and four two three"]);
});
