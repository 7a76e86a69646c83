import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type KeptEdit, MemoryEditStorage } from "./offline.ts";
import { Desk, type Writer } from "./session-desk.fixture.ts";
import type { RefusedEdit } from "./session-types.ts";

let desk: Desk;
let storage: MemoryEditStorage;

beforeEach(async () => {
  desk = await Desk.open();
  storage = new MemoryEditStorage();
  await desk.documents.create("1", "theirs ");
});

afterEach(() => desk.close());

function kept(): Promise<readonly KeptEdit[]> {
  return storage.load("document/1");
}

/** A page that has written without a connection. */
async function writeOffline(word: string): Promise<Writer> {
  const writer = desk.write("ann", { storage });
  await writer.session.opened();
  writer.cut();
  await vi.waitFor(() => expect(writer.session.status.kind).toBe("offline"));
  writer.session.edit((text) => text.insert(text.length, word));
  await writer.session.stored();
  return writer;
}

async function die({ client }: Writer): Promise<void> {
  await client.close();
  storage.endPages();
}

test("what is refused when its page was left already is handed to the next page, and to each one after it until somebody has taken it", async () => {
  const first = await writeOffline("an hour of work");
  const closing = first.session.close();
  desk.access.set("ann", "read");
  first.mend();
  await closing;
  await die(first);

  const wanted: readonly RefusedEdit[] = [{ code: "READ_ONLY", text: "theirs an hour of work" }];
  for (let page = 0; page < 2; page++) {
    const next = desk.write("ann", { storage });
    await vi.waitFor(() => expect(next.session.refusals).toEqual(wanted));
    await die(next);
  }
  const last = desk.write("ann", { storage });
  await vi.waitFor(() => expect(last.session.refused).toEqual(wanted[0]));
  last.session.forgetRefused();
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
  expect(last.session.refusals).toEqual([]);
});

test("another page that is open is not handed what this one shows, and a page of somebody else never", async () => {
  const first = await writeOffline("mine");
  desk.access.set("ann", "read");
  first.mend();
  await vi.waitFor(() => expect(first.session.refusals).toEqual([{ code: "READ_ONLY", text: "theirs mine" }]));

  const [second, bob] = [desk.write("ann", { storage }), desk.write("bob", { storage })];
  await Promise.all([second.session.opened(), bob.session.opened()]);
  await Promise.all([second.session.saved(), bob.session.saved()]);

  expect([second.session.refusals, bob.session.refusals]).toEqual([[], []]);
  expect((await kept()).map(({ refused }) => refused)).toEqual([{ code: "READ_ONLY", text: "theirs mine" }]);
});

test("who was put out while no page was open gets his own words back from the next one, once, and nothing of the document stays on his machine", async () => {
  await die(await writeOffline("private words"));
  desk.access.set("ann", undefined);

  const { session } = desk.write("ann", { storage });

  await vi.waitFor(() => expect(session.refusals).toEqual([{ code: "NO_ACCESS", text: "private words" }]));
  expect(session.text).toBe("");
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
});

test("who is put out when his page was left already gets his own words back from the next one, and no other word of the document", async () => {
  const first = await writeOffline("private words");
  const closing = first.session.close();
  desk.access.set("ann", undefined);
  first.mend();
  await closing;
  await die(first);

  expect((await kept()).map(({ refused }) => refused)).toEqual([{ code: "NO_ACCESS", text: "private words" }]);
  const { session } = desk.write("ann", { storage });
  await vi.waitFor(() => expect(session.refusals).toEqual([{ code: "NO_ACCESS", text: "private words" }]));
  session.forgetRefused();
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
});

test("of two pages that were left each has its text handed back, and till then not all is saved", async () => {
  await die(await writeOffline("first"));
  const left = await kept();
  await storage.forget(left);
  await die(await writeOffline("second"));
  for (const edit of left) await storage.keep(edit);
  desk.access.set("ann", "read");

  const { session } = desk.write("ann", { storage });
  await session.opened();
  const wasSaved = session.isSaved;
  await session.saved();

  expect(wasSaved).toBe(false);
  expect(session.refusals.map(({ text }) => text).toSorted()).toEqual(["first", "second"]);
  session.forgetRefused();
  await vi.waitFor(async () => expect(await kept()).toHaveLength(1));
  session.forgetRefused();
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
});

test("a long paste that has begun to go is stored whole though the line breaks, and what is written then is handed back where it is too much", async () => {
  const { session, cut, mend } = desk.write("ann", { storage, offlineBytes: 100_000 });
  const { session: bob } = desk.write("bob");
  await Promise.all([session.opened(), bob.opened()]);
  const pasted = "é".repeat(150_000);
  const begun = Promise.withResolvers<void>();
  const end = bob.room.onEntry(({ value }) => {
    if (value.kind !== "edited") return;
    cut();
    end();
    begun.resolve();
  });
  session.edit((text) => text.insert(text.length, pasted));
  await begun.promise;
  const [before, isWhole] = [session.refusals, bob.text.length > 150_000];
  session.edit((text) => text.insert(0, "x".repeat(100_001)));
  await vi.waitFor(() => expect(session.refusals.map(({ code }) => code)).toEqual(["OFFLINE_LIMIT"]));

  mend();
  await session.saved();
  await vi.waitFor(() => expect(session.text.length).toBeGreaterThan(150_000));

  expect([before, isWhole]).toEqual([[], false]);
  expect(session.refused?.text === `${"x".repeat(100_001)}theirs ${pasted}`).toBe(true);
  expect((await desk.documents.text("1")) === `theirs ${pasted}`).toBe(true);
  expect(session.text === `theirs ${pasted}`).toBe(true);
});
