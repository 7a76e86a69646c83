import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DocumentSession } from "./session.ts";
import { Desk } from "./session-desk.fixture.ts";
import type { RefusedEdit } from "./session-types.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open({ characters: 5_000, updateBytes: 1_000 });
});

afterEach(() => desk.close());

test("what is pasted arrives whole though it is more than one call takes, and no character is broken", async () => {
  const { session } = desk.write("ann");
  await session.opened();
  const pasted = "a😀".repeat(1_500);

  session.edit((text) => text.insert(0, pasted));
  await session.saved();

  expect(session.refused).toBeUndefined();
  expect(await desk.documents.text("1")).toBe(pasted);
});

test("a paste past the limit of the text is refused whole, though parts of it would fit", async () => {
  const { session } = desk.write("ann");
  await session.opened();
  session.edit((text) => text.insert(0, "before"));
  await session.saved();

  session.edit((text) => text.insert(6, "x".repeat(5_000)));
  await session.saved();

  expect(session.refused).toEqual({ code: "TOO_LARGE", text: `before${"x".repeat(5_000)}` });
  expect([session.text, await desk.documents.text("1")]).toEqual(["before", "before"]);
});

test("from 80 % of a limit on its writer is warned, with what is allowed and what there is", async () => {
  const { session } = desk.write("ann");
  await session.opened();

  session.edit((text) => text.insert(0, "x".repeat(3_999)));
  const before = session.warning;
  session.edit((text) => text.insert(0, "y"));

  expect([before, session.warning]).toEqual([undefined, { limit: "characters", most: 5_000, found: 4_000 }]);
});

test("each refusal is told, with the whole text of its author, and one can write on after each", async () => {
  const { session } = desk.write("ann");
  const refused: RefusedEdit[] = [];
  session.onRefused((each) => refused.push(each));
  await session.opened();

  for (const letter of ["x", "y"]) {
    session.edit((text) => text.insert(0, letter.repeat(6_000)));
    await session.saved();
    await session.opened();
    session.edit((text) => text.insert(0, letter));
    await session.saved();
  }

  expect(refused.map(({ text }) => text)).toEqual(["x".repeat(6_000), `${"y".repeat(6_000)}x`]);
  expect(await desk.documents.text("1")).toBe("yx");
});

/** Writes more than the document takes, and waits until it is handed back. */
async function writeTooMuch(session: DocumentSession, letter: string): Promise<void> {
  session.edit((text) => text.insert(0, letter.repeat(6_000)));
  await session.saved();
  await session.opened();
}

test("what is refused while something else is handed back takes nothing away: the oldest is dealt with first", async () => {
  const { session } = desk.write("ann");
  await session.opened();

  for (const letter of ["x", "y", "z"]) await writeTooMuch(session, letter);
  const all = session.refusals.map(({ text }) => text[0]);
  session.forgetRefused();
  const left = [session.refused?.text[0], session.status.kind];
  session.forgetRefused();
  session.forgetRefused();

  expect([all, left]).toEqual([
    ["x", "y", "z"],
    ["y", "refused"],
  ]);
  expect([session.refusals, session.status.kind]).toEqual([[], "saved"]);
});

test("past twenty texts that were handed back each joins the last: none is lost", async () => {
  const { session } = desk.write("ann");
  await session.opened();
  const letters = Array.from("abcdefghijklmnopqrstuv");

  for (const letter of letters) await writeTooMuch(session, letter);

  expect(session.refusals.map(({ text }) => text.replaceAll(/(.)\1+/g, "$1"))).toEqual([...letters.slice(0, 19), "t\nu\nv"]);
  expect(await session.close()).toHaveLength(20);
});

test("what is written before the server has given a client id is stored under it, at its place", async () => {
  await desk.documents.create("1", "one two");
  const { session } = desk.write("ann");
  await vi.waitFor(() => expect(session.text).toBe("one two"));

  session.edit((text) => text.insert(3, ","));
  session.edit((text) => text.delete(0, 3));
  await session.saved();

  expect([session.text, await desk.documents.text("1")]).toEqual([", two", ", two"]);
});

test("from write to read the text is locked, what is written then is handed out, and after that one writes again", async () => {
  const [ann, bob] = [desk.write("ann"), desk.write("bob")];
  await Promise.all([ann.session.opened(), bob.session.opened()]);
  ann.session.edit((text) => text.insert(0, "kept "));
  await ann.session.saved();

  desk.access.set("ann", "read");
  ann.session.edit((text) => text.insert(5, "too late"));
  await desk.documents.accessChanged("1", "ann", "read");
  await vi.waitFor(() => expect(ann.session.access).toBe("read"));
  await ann.session.saved();

  const handedOut = ann.session.refused?.text ?? ann.session.text;
  expect([ann.session.canWrite, handedOut]).toEqual([false, "kept too late"]);
  expect(ann.session.text).toBe(await desk.documents.text("1"));

  desk.access.set("ann", "write");
  await desk.documents.accessChanged("1", "ann", "write");
  await vi.waitFor(() => expect(ann.session.canWrite).toBe(true));
  ann.session.edit((text) => text.insert(0, "again "));
  await ann.session.saved();

  await vi.waitFor(() => expect(bob.session.text).toBe(ann.session.text));
  expect(ann.session.text.startsWith("again kept ")).toBe(true);
});

test("who is put out keeps his text and nothing of the document", async () => {
  const { session } = desk.write("ann");
  await session.opened();
  session.edit((text) => text.insert(0, "stored"));
  await session.saved();

  desk.access.set("ann", undefined);
  await desk.documents.accessChanged("1", "ann", undefined);
  await vi.waitFor(() => expect(session.status).toEqual({ kind: "failed", code: "FORBIDDEN" }));
  const before = session.text;
  session.edit((text) => text.insert(0, "late"));
  await session.saved();

  expect([before, session.text, session.refused]).toEqual(["", "", { code: "NO_ACCESS", text: "late" }]);
});

test("what waits for a connection never gets into another log: it is handed out as text", async () => {
  const { session, cut, mend } = desk.write("ann");
  await session.opened();
  session.edit((text) => text.insert(0, "old"));
  await session.saved();
  cut();
  await vi.waitFor(() => expect(session.status.kind).toBe("offline"));
  session.edit((text) => text.insert(3, " and waiting"));

  await desk.restart({ isEmpty: true });
  await desk.documents.create("1", "new");
  mend();
  await session.saved();
  await vi.waitFor(() => expect(session.canWrite).toBe(true));
  session.edit((text) => text.insert(3, "er"));
  await session.saved();

  expect(session.refused).toEqual({ code: "REPLACED", text: "old and waiting" });
  expect([session.text, await desk.documents.text("1")]).toEqual(["newer", "newer"]);
});

test("a document that is another one by now is shown alone where nothing waited", async () => {
  const { session, cut, mend } = desk.write("ann");
  await session.opened();
  session.edit((text) => text.insert(0, "old"));
  await session.saved();
  cut();

  await desk.restart({ isEmpty: true });
  await desk.documents.create("1", "new");
  mend();

  await vi.waitFor(() => expect([session.text, session.status.kind]).toEqual(["new", "saved"]));
  expect(session.refused).toBeUndefined();
});

test("what is written without a connection is merged and sent, and the status says each step", async () => {
  const { session, cut, mend } = desk.write("ann");
  await session.opened();
  const kinds = new Set<string>();
  session.onChange(() => kinds.add(session.status.kind));
  cut();
  await vi.waitFor(() => expect(session.status).toEqual({ kind: "offline", isSaved: true }));

  for (let at = 0; at < 700; at++) session.edit((text) => text.insert(at, "x"));
  const whileCut = session.status;
  mend();
  await session.saved();

  expect(whileCut).toEqual({ kind: "offline", isSaved: false });
  expect([...kinds]).toEqual(expect.arrayContaining(["offline", "saving", "saved"]));
  expect(await desk.documents.text("1")).toBe("x".repeat(700));
});

test("more than may wait without a connection is handed back at once", async () => {
  const { session, cut } = desk.write("ann", { offlineBytes: 400 });
  await session.opened();
  cut();
  await vi.waitFor(() => expect(session.status.kind).toBe("offline"));

  session.edit((text) => text.insert(0, "x".repeat(300)));
  session.edit((text) => text.insert(0, "y".repeat(300)));
  await session.saved();

  expect(session.refused).toEqual({ code: "OFFLINE_LIMIT", text: "y".repeat(300) + "x".repeat(300) });
});

test("a session that is closed sends what was written before it lets go of the room", async () => {
  const { session, cut, mend } = desk.write("ann");
  await session.opened();
  cut();
  await vi.waitFor(() => expect(session.status.kind).toBe("offline"));
  session.edit((text) => text.insert(0, "last words"));

  const closing = session.close();
  const isHeld = session.room.isHeld;
  mend();
  const refused = await closing;

  expect([isHeld, session.room.isHeld, refused]).toEqual([true, false, []]);
  expect(await desk.documents.text("1")).toBe("last words");
});

test("a session that is closed tells what was refused afterwards", async () => {
  const { session } = desk.write("ann");
  await session.opened();
  session.edit((text) => text.insert(0, "x".repeat(6_000)));

  expect(await session.close()).toEqual([{ code: "TOO_LARGE", text: "x".repeat(6_000) }]);
});

test("a client that is closed keeps nobody waiting", async () => {
  const { session, client, cut } = desk.write("ann");
  await session.opened();
  cut();
  session.edit((text) => text.insert(0, "lost"));
  const saving = session.saved();

  await client.close();

  await expect(saving).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  expect(session.status).toEqual({ kind: "failed", code: "CONNECTION_CLOSED" });
});
