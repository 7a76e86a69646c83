import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type KeptEdit, MemoryEditStorage } from "./offline.ts";
import { storageCases } from "./offline-suite.fixture.ts";
import { Desk } from "./session-desk.fixture.ts";
import type { RefusedEdit } from "./session-types.ts";

let desk: Desk;
let storage: MemoryEditStorage;

beforeEach(async () => {
  desk = await Desk.open({ characters: 1_000 });
  storage = new MemoryEditStorage();
});

afterEach(() => desk.close());

function kept(): Promise<readonly KeptEdit[]> {
  return storage.load("document/1");
}

/** A page that writes without a connection and dies. */
async function leave(name: string, text: string): Promise<void> {
  const { session, client, cut } = desk.write(name, { storage });
  await session.opened();
  cut();
  await vi.waitFor(() => expect(session.status.kind).toBe("offline"));
  for (const letter of text) session.edit((each) => each.insert(each.length, letter));
  await session.stored();
  await client.close();
  storage.endPages();
}

for (const { title, run } of storageCases) {
  test(`in memory, ${title}`, async () => {
    const memory = new MemoryEditStorage();

    const [found, wanted] = await run(() => memory);

    expect(found).toEqual(wanted);
  });
}

test("a page that is opened again sends what an earlier one has left, under its client id, and forgets it", async () => {
  await desk.documents.create("1", "before ");
  await leave("ann", "left");

  const { session } = desk.write("ann", { storage });

  await vi.waitFor(() => expect(session.text).toBe("before left"));
  await session.saved();
  expect(await desk.documents.text("1")).toBe("before left");
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
});

test("what was stored before the page died is not there twice", async () => {
  const first = desk.write("ann", { storage });
  await first.session.opened();
  const forgetting = vi.spyOn(storage, "forget").mockResolvedValue();
  first.session.edit((text) => text.insert(0, "once"));
  await first.session.saved();
  await first.client.close();
  forgetting.mockRestore();
  storage.endPages();

  const { session } = desk.write("ann", { storage });
  await session.opened();

  await vi.waitFor(async () => expect(await kept()).toEqual([]));
  expect(session.text).toBe("once");
});

test("two pages do not send each other's, and nobody sends another user's", async () => {
  const ann = desk.write("ann", { storage });
  await ann.session.opened();
  ann.cut();
  await vi.waitFor(() => expect(ann.session.status.kind).toBe("offline"));
  ann.session.edit((text) => text.insert(0, "mine"));
  await ann.session.stored();

  const [second, bob] = [desk.write("ann", { storage }), desk.write("bob", { storage })];
  await Promise.all([second.session.opened(), bob.session.opened()]);
  bob.session.edit((text) => text.insert(0, "b"));
  second.session.edit((text) => text.insert(0, "a"));
  await Promise.all([second.session.saved(), bob.session.saved()]);

  expect((await kept()).map(({ userId, client }) => [userId, client === ann.session.client])).toEqual([["ann", true]]);
  expect((await desk.documents.text("1")).length).toBe(2);
  ann.mend();
  await ann.session.saved();
  expect((await desk.documents.text("1")).includes("mine")).toBe(true);
});

test("what was left for a document that is another one by now is handed back as text", async () => {
  await leave("ann", "for the old one");
  await desk.restart({ isEmpty: true });
  await desk.documents.create("1", "new");

  const refused: RefusedEdit[] = [];
  const { session } = desk.write("ann", { storage });
  session.onRefused((each) => refused.push(each));
  await session.opened();

  await vi.waitFor(() => expect(refused).toEqual([{ code: "REPLACED", text: "for the old one" }]));
  expect(session.text).toBe("new");
  session.forgetRefused();
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
});

test("what was left and is refused is handed back, and one's own text stays", async () => {
  await leave("ann", "x".repeat(600));
  await desk.documents.edit("1", (text) => text.insert(0, "y".repeat(600)));

  const refused: RefusedEdit[] = [];
  const { session } = desk.write("ann", { storage });
  session.onRefused((each) => refused.push(each));
  await session.opened();

  await vi.waitFor(() => expect(refused).toEqual([{ code: "TOO_LARGE", text: "x".repeat(600) }]));
  session.edit((text) => text.insert(0, "z"));
  await session.saved();
  expect(await desk.documents.text("1")).toBe(`z${"y".repeat(600)}`);
  session.forgetRefused();
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
});

test("a storage that fails costs the keeping, and no edit", async () => {
  vi.spyOn(storage, "keep").mockRejectedValue(new Error("Full"));
  vi.spyOn(storage, "load").mockRejectedValue(new Error("No disk"));
  const { session } = desk.write("ann", { storage });
  await session.opened();

  session.edit((text) => text.insert(0, "stored"));
  const failing = session.stored().catch((error: unknown) => error);
  await session.saved();

  expect(await failing).toMatchObject({ message: "Full" });
  await session.stored();
  expect(await desk.documents.text("1")).toBe("stored");
});
