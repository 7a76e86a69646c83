import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import type { RoomUser } from "nexios/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { documentRoom } from "./contract.ts";
import { addDocuments, type Documents } from "./documents.ts";
import type { Access } from "./entry.ts";
import type { HistoryGroup } from "./history.ts";
import { DocumentPast } from "./past.ts";

let folder: string;
let app: NexiosApp;
let documents: Documents;
const access = new Map<string, Access>();
const [ann, bob] = ["ann", "bob"].map((id) => ({ id, name: id.toUpperCase() })) as [RoomUser, RoomUser];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-edits-"));
  access.clear();
  app = new NexiosApp({ rooms: { folder } });
  documents = addDocuments(app, { accessOf: ({ id }) => access.get(id) ?? "write", limits: { characters: 100 } });
  await app.start();
});

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

function room() {
  return app.room(documentRoom, { id: "1" });
}

async function ask<Name extends "textAt" | "authorsAt" | "compare" | "history">(name: Name, input: never) {
  const answer = await room().ask(name, input);
  return answer.kind === "answered" ? answer.value : answer;
}

test("a document gets its first text once, whoever asks for it", async () => {
  expect([await documents.create("1", "hello"), await documents.create("1", "again")]).toEqual([true, false]);
  expect(await documents.text("1")).toBe("hello");
});

test("of two who give it its first text at once one does", async () => {
  const all = await Promise.all(["first", "second", "third"].map((text) => documents.create("1", text)));

  expect(all.filter((isNew) => isNew)).toHaveLength(1);
  expect(["first", "second", "third"]).toContain(await documents.text("1"));
});

test("a document that somebody has opened, and nobody written in, still gets its first text; one that was emptied does not", async () => {
  await room().call("open", { isAlone: true }, { user: ann });

  expect([await documents.create("1", "hello"), await documents.text("1")]).toEqual([true, "hello"]);
  await documents.edit("1", (text) => text.delete(0, text.length));
  expect([await documents.create("1", "again"), await documents.text("1")]).toEqual([false, ""]);
  await documents.forget("1");
  expect(await documents.create("1", "again")).toBe(false);
});

test("a first text gets its lines as documents have them", async () => {
  expect(await documents.create("1", "one\r\ntwo\rthree\n")).toBe(true);
  expect(await documents.text("1")).toBe("one\ntwo\nthree\n");
});

test("a first text is taken in parts where it is too long for one edit, by the author that is named", async () => {
  const own = new NexiosApp({ rooms: { folder: join(folder, "large") } });
  const large = addDocuments(own, { accessOf: () => undefined });
  await own.start();
  const text = "wörd 👍 ".repeat(30_000);
  try {
    expect(await large.create("1", text, { user: ann })).toBe(true);
    expect(await large.text("1")).toBe(text);
    expect((await own.room(documentRoom, { id: "1" }).state()).writers).toEqual([ann].map(({ id, name }) => ({ userId: id, name })));
    await expect(large.create("2", "x".repeat(1_000_001))).rejects.toThrow(/TOO_LARGE/);
    expect(await large.text("2")).toBe("");
  } finally {
    await own.stop();
  }
});

test("nobody but the server gives a document its first text", async () => {
  expect(await room().call("create", { text: "mine", author: { userId: "ann", name: "ANN" } }, { user: ann })).toMatchObject({ code: "FORBIDDEN" });
  expect(await documents.text("1")).toBe("");
});

test("the server edits as a member does: one entry, with the author that it names", async () => {
  await documents.create("1", "hello");

  const outcome = await documents.edit("1", (text) => text.insert(text.length, " there"), { user: ann });

  expect([outcome, await documents.text("1")]).toEqual([{ kind: "accepted" }, "hello there"]);
  expect(await ask("authorsAt", { count: 4 } as never)).toEqual([
    { text: "hello", userId: "nexios", name: "nexios" },
    { text: " there", userId: "ann", name: "ANN" },
  ]);
});

test("what is forgotten is gone for good: the text stays, with its writers, and people go on", async () => {
  await documents.create("1", "hello");
  await documents.edit("1", (text) => text.insert(text.length, " there"), { user: ann });
  await room().call("name", { name: "first" }, { user: ann });
  expect(await ask("textAt", { count: 2 } as never)).toBe("hello");

  await documents.forget("1");
  const { oldest, count, versions } = await room().state();

  expect(await ask("textAt", { count: 2 } as never)).toEqual({ kind: "refused", code: "NO_SUCH_MOMENT", data: { oldest, newest: count } });
  expect([await ask("textAt", { count: oldest } as never), versions]).toEqual(["hello there", []]);
  expect(await ask("authorsAt", { count } as never)).toEqual([
    { text: "hello", userId: "nexios", name: "nexios" },
    { text: " there", userId: "ann", name: "ANN" },
  ]);
  await expect(room().entries(0, 10)).rejects.toMatchObject({ code: "GAP" });
  await documents.edit("1", (text) => text.delete(0, 6), { user: bob });
  expect(await documents.text("1")).toBe("there");
});

test("a past that is asked for anew begins where it is kept", async () => {
  await documents.create("1", "hello");
  await documents.forget("1");
  await documents.edit("1", (text) => text.insert(0, "oh, "), { user: ann });
  const { oldest } = await room().state();

  const past = new DocumentPast({ read: (after, limit) => room().entries(after, limit), oldest: () => Promise.resolve(oldest) });
  await past.catchUp();

  expect([past.oldest, await past.textAt(oldest), await past.textAt(past.count)]).toEqual([oldest, "hello", "oh, hello"]);
});

test("nobody but the server makes a document forget", async () => {
  await documents.create("1", "hello");

  expect(await room().call("forget", undefined, { user: ann })).toMatchObject({ kind: "refused", code: "FORBIDDEN" });
  expect((await room().state()).oldest).toBe(0);
});

test("a name is taken from a moment by who may write, and by nobody else", async () => {
  await documents.create("1", "hello");
  await room().call("name", { name: "first", count: 2 }, { user: ann });
  access.set("bob", "read");

  expect(await room().call("unname", { name: "first", count: 2 }, { user: bob })).toMatchObject({ kind: "refused", code: "READ_ONLY" });
  await room().call("unname", { name: "other", count: 2 }, { user: ann });
  expect((await room().state()).versions).toHaveLength(1);
  await room().call("unname", { name: "first", count: 2 }, { user: ann });
  expect((await room().state()).versions).toEqual([]);
});

test("an edit of the server's that is refused says why, as a value, and changes nothing", async () => {
  access.set("bob", "read");
  await documents.create("1", "hello");

  const outcomes = [
    await documents.edit("1", (text) => text.insert(0, "x".repeat(200))),
    await documents.edit("1", (text) => text.insert(0, "x"), { user: bob }),
    await documents.edit("1", () => {}),
  ];

  expect(outcomes).toEqual([
    { kind: "refused", code: "TOO_LARGE", data: { limit: "characters", most: 100, found: 205 } },
    { kind: "refused", code: "READ_ONLY" },
    { kind: "accepted" },
  ]);
  expect(await documents.text("1")).toBe("hello");
});

test("a first text that is too long is a mistake of the program's", async () => {
  await expect(documents.create("1", "x".repeat(200))).rejects.toThrow(/TOO_LARGE/);

  expect(await documents.text("1")).toBe("");
});

test("the text at each moment, what changed between two, and who did what when, are answered from the log", async () => {
  await documents.edit("1", (text) => text.insert(0, "hello"), { user: ann });
  await documents.edit("1", (text) => text.delete(0, 2), { user: bob });
  await documents.edit("1", (text) => text.insert(3, "!"), { user: bob });

  expect(await Promise.all([0, 2, 4, 6].map((count) => ask("textAt", { count } as never)))).toEqual(["", "hello", "llo", "llo!"]);
  expect(await ask("compare", { from: 2, to: 6 } as never)).toEqual([
    { text: "he", kind: "deleted", userId: "bob", name: "BOB" },
    { text: "llo", kind: "kept", userId: "ann", name: "ANN" },
    { text: "!", kind: "inserted", userId: "bob", name: "BOB" },
  ]);
  expect(await ask("history", {} as never)).toMatchObject([
    { userId: "bob", name: "BOB", inserted: 1, deleted: 2 },
    { userId: "ann", inserted: 5, deleted: 0 },
  ]);
  expect(await ask("textAt", { count: 7 } as never)).toMatchObject({ kind: "refused", code: "NO_SUCH_MOMENT", data: { newest: 6 } });
});

test("a named moment is restored by an edit that keeps the authors of all that stays, and that can be taken back", async () => {
  await documents.edit("1", (text) => text.insert(0, "one two three"), { user: ann });
  await room().call("name", { name: "first" }, { user: ann });
  await documents.edit("1", (text) => text.delete(4, 4), { user: bob });
  await documents.edit("1", (text) => text.insert(0, "zero "), { user: bob });
  const state = await room().state();
  const version = state.versions[0];

  const restored = await room().call("restore", { count: version?.count ?? 0 }, { user: bob });
  const after = await documents.text("1");
  const runs = (await ask("authorsAt", { count: (await room().state()).count } as never)) as readonly { text: string; userId: string }[];
  const back = await room().call("restore", { count: restored.kind === "accepted" ? restored.result.before : 0 }, { user: bob });

  expect(version).toMatchObject({ name: "first", count: 2, userId: "ann" });
  expect([after, back.kind, await documents.text("1")]).toEqual(["one two three", "accepted", "zero one three"]);
  expect(runs.map(({ text }) => text).join("")).toBe("one two three");
  expect(
    runs
      .filter(({ userId }) => userId === "bob")
      .map(({ text }) => text)
      .join(""),
  ).toHaveLength(4);
});

test("a restore is a work of its own in the history, with the moment that it brought back", async () => {
  await documents.create("1", "one");
  await documents.edit("1", (text) => text.insert(3, " two"), { user: ann });

  await room().call("restore", { count: 2 }, { user: ann });
  await documents.edit("1", (text) => text.insert(0, "zero "), { user: ann });
  const groups = (await ask("history", {} as never)) as readonly HistoryGroup[];

  expect(groups.map(({ userId, inserted, deleted, restored }) => [userId, inserted, deleted, restored?.count, typeof restored?.at])).toEqual([
    ["ann", 5, 0, undefined, "undefined"],
    ["ann", 0, 4, 2, "number"],
    ["ann", 4, 0, undefined, "undefined"],
    ["nexios", 3, 0, undefined, "undefined"],
  ]);
});

test("who may only read neither names nor restores, and what is no moment is refused", async () => {
  access.set("bob", "read");
  await documents.create("1", "hello");

  expect(await room().call("name", { name: "mine" }, { user: bob })).toMatchObject({ code: "READ_ONLY" });
  expect(await room().call("restore", { count: 0 }, { user: bob })).toMatchObject({ code: "READ_ONLY" });
  expect(await room().call("restore", { count: 99 }, { user: ann })).toMatchObject({ code: "NO_SUCH_MOMENT", data: { newest: 2 } });
  expect(await room().call("name", { name: "x", count: -1 }, { user: ann })).toMatchObject({ code: "NO_SUCH_MOMENT" });
});

test("access that has changed stands in the log for those who are there", async () => {
  await documents.create("1", "hello");

  await documents.accessChanged("1", "bob", "read");

  expect((await room().state()).access.get("bob")).toBe("read");
});
