import { browserWorld } from "nexios/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type KeptEdit, MemoryEditStorage, ownerOf } from "./offline.ts";
import { Desk } from "./session-desk.fixture.ts";
import type { RefusedEdit } from "./session-types.ts";
import type { DocumentSession } from "./session.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await desk.close();
});

/** Writes a word of its own at each turn of the loop, faster than any hand, until it is told to end; gives all words. */
function typeOn(session: DocumentSession, name: string): () => Promise<readonly string[]> {
  const words: string[] = [];
  const over = new AbortController();
  const typing = (async () => {
    while (!over.signal.aborted) {
      const word = `<${name}${words.length}>`;
      if (session.canWrite) {
        words.push(word);
        session.edit((text) => text.insert(text.length, word));
      }
      await new Promise(setImmediate);
    }
  })();
  return async () => {
    over.abort();
    await typing;
    return words;
  };
}

test("who loses the right to write while he types is locked, has the server's text, gets back every word that is not in it, and writes again when he may", async () => {
  const [ann, bob] = [desk.write("ann").session, desk.write("bob").session];
  await Promise.all([ann.opened(), bob.opened()]);
  const refused: RefusedEdit[] = [];
  ann.onRefused((each) => refused.push(each));
  const end = typeOn(ann, "a");
  await vi.waitFor(() => expect(bob.text).toContain("<a20>"));

  desk.access.set("ann", "read");
  await desk.documents.accessChanged("1", "ann", "read");
  await vi.waitFor(() => expect(ann.canWrite).toBe(false));
  const words = await end();
  await ann.saved();
  await vi.waitFor(async () => expect(ann.text).toBe(await desk.documents.text("1")));
  const [kind, locked] = [ann.status.kind, ann.text];

  const handedOut = refused.map(({ text }) => text).join("");
  expect(words.filter((word) => !locked.includes(word) && !handedOut.includes(word))).toEqual([]);
  expect([ann.access, refused.every(({ code }) => code === "READ_ONLY"), ["read-only", "refused"].includes(kind)]).toEqual(["read", true, true]);
  await vi.waitFor(() => expect(bob.text).toBe(locked));

  desk.access.set("ann", "write");
  await desk.documents.accessChanged("1", "ann", "write");
  await vi.waitFor(() => expect(ann.canWrite).toBe(true));
  ann.edit((text) => text.insert(text.length, "<again>"));
  await ann.saved();
  expect([ann.text, await desk.documents.text("1")]).toEqual([`${locked}<again>`, `${locked}<again>`]);
  await vi.waitFor(() => expect(bob.text).toBe(`${locked}<again>`));
});

test("what is typed before the news of it has come is refused, and handed out whole with all that was typed behind it", async () => {
  const [ann, bob] = [desk.write("ann").session, desk.write("bob").session];
  await Promise.all([ann.opened(), bob.opened()]);
  const refused: RefusedEdit[] = [];
  ann.onRefused((each) => refused.push(each));
  ann.edit((text) => text.insert(0, "stored "));
  await ann.saved();

  // Nothing is told yet: it is learnt by the refusal.
  desk.access.set("ann", "read");
  for (const letter of "too late") ann.edit((text) => text.insert(text.length, letter));
  await ann.saved();

  expect(refused).toEqual([{ code: "READ_ONLY", text: "stored too late" }]);
  expect([ann.text, ann.canWrite, await desk.documents.text("1")]).toEqual(["stored ", false, "stored "]);
});

test("who is put out gets no further byte of the document, and nothing of it stays on his machine", async () => {
  const storage = new MemoryEditStorage();
  // Of another page of his, which is open.
  const other: KeptEdit = { document: "document/1", userId: "bob", epoch: "e", count: 1, client: 77, n: 0, update: new Uint8Array([1]) };
  const foreign: KeptEdit = { ...other, userId: "cat", client: 78 };
  await Promise.all([storage.own(ownerOf(other)), storage.keep(other), storage.keep(foreign)]);
  const connect = browserWorld.connect.bind(browserWorld);
  const heard: string[] = [];
  const [ann, cat] = [desk.write("ann").session, desk.write("cat").session];
  await Promise.all([ann.opened(), cat.opened()]);
  vi.spyOn(browserWorld, "connect").mockImplementation((url, subprotocol, events) =>
    connect(url, subprotocol, {
      ...events,
      onMessage(message) {
        heard.push(typeof message === "string" ? message : Buffer.from(message).toString("latin1"));
        events.onMessage(message);
      },
    }),
  );
  const bob = desk.write("bob", { storage }).session;
  await bob.opened();
  const refused: RefusedEdit[] = [];
  bob.onRefused((each) => refused.push(each));
  ann.edit((text) => text.insert(0, "before "));
  await vi.waitFor(() => expect(bob.text).toBe("before "));
  const isHeard = heard.some((message) => message.includes("before "));
  const end = typeOn(bob, "b");
  await vi.waitFor(() => expect(ann.text).toContain("<b5>"));

  desk.access.set("bob", undefined);
  await desk.documents.accessChanged("1", "bob", undefined);
  await vi.waitFor(() => expect(bob.status).toMatchObject({ kind: "failed", code: "FORBIDDEN" }));
  const words = await end();
  const count = heard.length;
  ann.edit((text) => text.insert(0, "secret "));
  await ann.saved();
  await vi.waitFor(() => expect(cat.text.startsWith("secret before ")).toBe(true));
  // An answer to this comes behind whatever the server may have sent of the document.
  const again = desk.write("bob", { storage }).session;
  await vi.waitFor(() => expect(again.status).toMatchObject({ kind: "failed", code: "FORBIDDEN" }));

  expect([isHeard, bob.text, again.text, bob.room.confirmedState, again.room.confirmedState]).toEqual([true, "", "", undefined, undefined]);
  expect(heard.slice(count).filter((message) => message.includes("secret"))).toEqual([]);
  expect(await storage.load("document/1")).toEqual([foreign]);
  const [stored, handedOut] = [await desk.documents.text("1"), refused.map(({ text }) => text).join("")];
  expect(words.filter((word) => !stored.includes(word) && !handedOut.includes(word))).toEqual([]);
});
