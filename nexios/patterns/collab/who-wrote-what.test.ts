import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDraw, UnitBook } from "./draw.fixture.ts";
import { insertedText } from "./engine-updates.ts";
import { Desk } from "./session-desk.fixture.ts";
import type { DocumentSession } from "./session.ts";

/** One unit of text from when it came until it went; brought back it is another one. */
interface Unit {
  readonly text: string;
  readonly author: string;
  readonly bornAt: number;
  deletedAt: number;
  deleter: string;
}

/** Who wrote and who deleted what, learnt from nothing but the text before and after each step, in which all units differ. */
class Table {
  readonly #units: Unit[] = [];
  readonly texts = new Map<number, string>([[0, ""]]);
  #text = "";

  step(count: number, name: string, text: string): void {
    const [before, after] = [new Set(this.#text), new Set(text)];
    for (const unit of this.#units) if (unit.deletedAt === Infinity && !after.has(unit.text)) Object.assign(unit, { deletedAt: count, deleter: name });
    for (const each of text) if (!before.has(each)) this.#units.push({ text: each, author: name, bornAt: count, deletedAt: Infinity, deleter: "" });
    this.texts.set(count, text);
    this.#text = text;
  }

  authorsAt(count: number): readonly string[] {
    return Array.from(this.texts.get(count) ?? "", (text) => {
      const unit = this.#units.find((each) => each.text === text && each.bornAt <= count && each.deletedAt > count);
      return `${text} ${unit?.author}`;
    });
  }

  compared(from: number, to: number): readonly string[] {
    return this.#units.flatMap(({ text, author, bornAt, deletedAt, deleter }) => {
      const [wasShown, isShown] = [bornAt <= from && deletedAt > from, bornAt <= to && deletedAt > to];
      if (isShown) return [`${text} ${wasShown ? "kept" : "inserted"} ${author}`];
      return wasShown ? [`${text} deleted ${deleter}`] : [];
    });
  }
}

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open();
});

afterEach(() => desk.close());

/** Resolves when all show what the server has. */
async function meet(sessions: readonly DocumentSession[]): Promise<{ readonly count: number; readonly text: string }> {
  await Promise.all(sessions.map((session) => session.saved()));
  const count = Math.max(...sessions.map(({ room }) => room.position?.count ?? 0));
  await vi.waitFor(() => expect(sessions.map(({ room }) => room.position?.count)).toEqual(sessions.map(() => count)), { interval: 1 });
  const [text = "", ...others] = sessions.map((session) => session.text);
  expect(others).toEqual(others.map(() => text));
  return { count, text };
}

function toUnits(runs: readonly { readonly text: string; readonly userId: string; readonly kind?: string }[]): readonly string[] {
  return runs.flatMap(({ text, userId, kind }) => Array.from(text, (unit) => [unit, kind, userId].filter((word) => word !== undefined).join(" ")));
}

test(
  "whoever types, deletes others' text, undoes, redoes and restores is the author and the deleter of exactly that, at every moment",
  { timeout: 120_000 },
  async () => {
    const [draw, book, table] = [createDraw(5), new UnitBook(), new Table()];
    const names = ["ann", "bob", "cat"];
    const sessions = names.map((name) => desk.write(name).session);
    await Promise.all(sessions.map((session) => session.opened()));
    table.step((await meet(sessions)).count, "", "");
    const done = { undone: 0, redone: 0, restored: 0 };

    for (let step = 0; step < 400; step++) {
      const at = draw(3);
      const [session, name = ""] = [sessions[at], names[at]];
      if (session === undefined) continue;
      const [{ length }, kind] = [session.text, draw(100)];
      if (session.undo.canRedo && draw(2) === 0) {
        done.redone++;
        session.undo.redo();
      } else if (kind < 55 || length === 0) session.edit((text) => text.insert(draw(length + 1), book.take(1 + draw(5))));
      else if (kind < 75) {
        const from = draw(length);
        session.edit((text) => text.delete(from, Math.min(1 + draw(8), length - from)));
      } else if (kind < 92) {
        if (session.undo.canUndo) done.undone++;
        session.undo.undo();
      } else {
        const moments = [...table.texts.keys()];
        const outcome = await session.room.call("restore", { count: moments[draw(moments.length)] ?? 0 });
        if (outcome.kind === "accepted") done.restored++;
        // Whoever took back his deleting of what is restored would bring it a second time, and units would not all differ any more.
        for (const each of sessions) each.undo.steps.clear();
      }
      session.undo.pause();
      const { count, text } = await meet(sessions);
      if (!table.texts.has(count)) table.step(count, name, text);
    }

    const moments = [...table.texts.keys()];
    const room = sessions[0]?.room;
    for (let asked = 0; asked < 40; asked++) {
      const [one, other] = [moments[draw(moments.length)] ?? 0, moments[draw(moments.length)] ?? 0];
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const authors = await room?.ask("authorsAt", { count: one });
      const compared = await room?.ask("compare", { from, to });
      expect(authors?.kind === "answered" && toUnits(authors.value)).toEqual(table.authorsAt(one));
      expect(compared?.kind === "answered" && toUnits(compared.value).toSorted()).toEqual(table.compared(from, to).toSorted());
    }
    expect(Math.min(done.undone, done.redone, done.restored)).toBeGreaterThan(5);
  },
);

test("what two delete at once was deleted by whose edit the log has first", async () => {
  const [ann, bob, cat] = ["ann", "bob", "cat"].map((name) => desk.write(name)) as [
    ReturnType<Desk["write"]>,
    ReturnType<Desk["write"]>,
    ReturnType<Desk["write"]>,
  ];
  await Promise.all([ann, bob, cat].map(({ session }) => session.opened()));
  cat.session.edit((text) => text.insert(0, "abcdef"));
  const { count: from } = await meet([ann.session, bob.session, cat.session]);
  bob.cut();
  await vi.waitFor(() => expect(bob.session.status.kind).toBe("offline"));

  ann.session.edit((text) => text.delete(1, 3));
  bob.session.edit((text) => text.delete(2, 4));
  await ann.session.saved();
  bob.mend();
  const { count: to } = await meet([ann.session, bob.session, cat.session]);

  const compared = await cat.session.room.ask("compare", { from, to });
  expect(compared).toMatchObject({
    kind: "answered",
    value: [
      { text: "a", kind: "kept", userId: "cat" },
      { text: "bcd", kind: "deleted", userId: "ann" },
      { text: "ef", kind: "deleted", userId: "bob" },
    ],
  });
});

test("a named moment is restored while another goes on writing: his later text stays, what both have keeps its authors, and it can be taken back", async () => {
  const book = new UnitBook();
  const [ann, bob, cat] = ["ann", "bob", "cat"].map((name) => desk.write(name).session) as [DocumentSession, DocumentSession, DocumentSession];
  await Promise.all([ann, bob, cat].map((session) => session.opened()));
  const old = book.take(40);
  ann.edit((text) => text.insert(0, old.slice(0, 20)));
  await meet([ann, bob, cat]);
  bob.edit((text) => text.insert(20, old.slice(20)));
  await meet([ann, bob, cat]);
  await ann.room.call("name", { name: "first" });
  const version = (await meet([ann, bob, cat])).count;
  bob.edit((text) => text.delete(10, 5));
  await meet([ann, bob, cat]);
  let restorer = 0;
  const [earlier, later]: [string[], string[]] = [[], []];
  cat.room.onEntry(({ value }) => {
    if (value.kind === "opened" && value.userId === "ann") restorer = value.client;
    if (value.kind === "edited" && value.client === bob.client) (restorer === 0 ? earlier : later).push(insertedText(value.update));
  });

  const over = new AbortController();
  const typing = (async () => {
    while (!over.signal.aborted) {
      bob.edit((text) => text.insert(Math.floor(text.length / 2), book.take(1)));
      // Not as fast as it can: on a slow machine there would be no more units.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  await vi.waitFor(() => expect(earlier.length).toBeGreaterThan(3));
  const restored = await ann.room.call("restore", { count: version });
  await vi.waitFor(() => expect(later.length).toBeGreaterThan(3));
  over.abort();
  await typing;
  const { count, text } = await meet([ann, bob, cat]);
  const authors = await cat.room.ask("authorsAt", { count });
  const back = await ann.room.call("restore", { count: restored.kind === "accepted" ? restored.result.before : 0 });
  const undone = await meet([ann, bob, cat]);

  const added = new Set(later.join(""));
  expect(Array.from(text, (unit) => (added.has(unit) ? "" : unit)).join("")).toBe(old);
  expect(new Set(text)).toEqual(new Set([...Array.from(old), ...added]));
  const writers = new Map((authors.kind === "answered" ? toUnits(authors.value) : []).map((each) => each.split(" ") as [string, string]));
  // Of what bob had deleted ann has written anew what was hers.
  expect(Array.from(old, (unit) => writers.get(unit))).toEqual(Array.from(old, (_, index) => (index < 20 ? "ann" : "bob")));
  expect([...added].map((unit) => writers.get(unit))).toEqual([...added].map(() => "bob"));
  expect(back.kind).toBe("accepted");
  // The moment just before it, without what came later.
  const before = await cat.room.ask("textAt", { count: restored.kind === "accepted" ? restored.result.before : 0 });
  expect(before).toMatchObject({ kind: "answered", value: undone.text });
});
