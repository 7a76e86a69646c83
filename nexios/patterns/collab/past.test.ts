import { beforeEach, expect, test } from "vitest";
import { authorsAt, compareMoments } from "./attribution.ts";
import { applyUpdate, createDocument, decodeDocument, editText, encodeMissing, textOf, type TextDocument } from "./engine.ts";
import { foldDocument } from "./fold.ts";
import { groupEdits } from "./history.ts";
import { DocumentPast, type PastEntry } from "./past.ts";
import { createDocumentState, evolveDocument } from "./state.ts";

/** One unit of text in a table that knows nothing of Yjs. */
interface Unit {
  readonly text: string;
  readonly author: string;
  readonly bornAt: number;
  deletedAt: number;
  deleter: string;
}

/** Three people who write and delete each other's text, and a table of who did what. */
class Script {
  readonly entries: PastEntry[] = [];
  readonly units: Unit[] = [];
  readonly #documents = new Map<string, TextDocument>();
  #seed = 11;
  at = 1_000_000;

  constructor() {
    for (const [index, name] of ["ann", "bob", "cat"].entries()) {
      this.#documents.set(name, createDocument(index + 1));
      this.entries.push({ count: index + 1, at: this.at, value: { kind: "opened", client: index + 1, userId: name, name: name.toUpperCase() } });
    }
  }

  draw(below: number): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
    return (this.#seed >>> 8) % below;
  }

  get shown(): readonly Unit[] {
    return this.units.filter(({ deletedAt }) => deletedAt === Infinity);
  }

  edit(name: string, position: number, deleted: number, inserted: string): void {
    const document = this.#documents.get(name);
    if (document === undefined) throw new Error(`There is no ${name}`);
    const update = editText(document, (text) => {
      if (deleted > 0) text.delete(position, deleted);
      if (inserted !== "") text.insert(position, inserted);
    });
    if (update === undefined) return;
    const count = this.entries.length + 1;
    this.entries.push({ count, at: (this.at += 1_000), value: { kind: "edited", client: document.clientID, update } });
    for (const other of this.#documents.values()) if (other !== document) applyUpdate(other, update);
    const before = this.shown;
    for (const unit of before.slice(position, position + deleted)) Object.assign(unit, { deletedAt: count, deleter: name });
    const next = before[position + deleted];
    const made = Array.from(inserted, (text): Unit => ({ text, author: name, bornAt: count, deletedAt: Infinity, deleter: "" }));
    this.units.splice(next === undefined ? this.units.length : this.units.indexOf(next), 0, ...made);
  }

  /** Edits, with a fold after each third of them. */
  playFolded(edits: number): void {
    for (let third = 0; third < 3; third++) {
      this.play(Math.floor(edits / 3));
      this.fold();
    }
  }

  play(edits: number): void {
    for (let left = edits; left > 0; left--) {
      const { length } = this.shown;
      const position = this.draw(length + 1);
      const name = ["ann", "bob", "cat"][this.draw(3)] ?? "ann";
      this.edit(
        name,
        position,
        this.draw(3) === 0 ? Math.min(this.draw(6), length - position) : 0,
        this.draw(4) === 0 ? "" : "abcdefgh".slice(0, 1 + this.draw(6)),
      );
    }
  }

  /** The document is another one from now on. */
  fold(): void {
    const state = this.entries.reduce((folded, { value }) => evolveDocument(folded, value), createDocumentState());
    const folded = foldDocument(state, this.at);
    this.entries.push({ count: this.entries.length + 1, at: this.at, value: folded });
    for (const [index, name] of [...this.#documents.keys()].entries()) {
      const client = folded.firstClient + folded.writers.length + index;
      const document = createDocument(client);
      applyUpdate(document, encodeMissing(decodeDocument(folded.document), document));
      this.#documents.set(name, document);
      this.entries.push({ count: this.entries.length + 1, at: this.at, value: { kind: "opened", client, userId: name, name: name.toUpperCase() } });
    }
  }

  textAt(count: number): string {
    return this.units
      .filter(({ bornAt, deletedAt }) => bornAt <= count && deletedAt > count)
      .map(({ text }) => text)
      .join("");
  }
}

let script: Script;
let reads: number;

beforeEach(() => {
  script = new Script();
  reads = 0;
});

function pastOf({ entries }: Script, checkpointEvery = 50): DocumentPast {
  const read = (after: number, limit: number): Promise<readonly PastEntry[]> => {
    reads++;
    return Promise.resolve(entries.slice(after, after + limit));
  };
  return new DocumentPast({ read, oldest: () => Promise.resolve(0) }, { checkpointEvery, readEntries: 20 });
}

/** The same whether the document was folded meanwhile. */
const ways = [{ how: "play" }, { how: "playFolded" }] as const;

test.each(ways)("the text at every moment is what a replay from the beginning gives ($how)", async ({ how }) => {
  script[how](400);
  const past = pastOf(script);
  await past.catchUp();

  for (let count = 0; count <= script.entries.length; count += 7) expect(await past.textAt(count)).toBe(script.textAt(count));
  await expect(past.textAt(script.entries.length + 1)).rejects.toThrow(RangeError);
});

test("a past is read once, and goes on where it was", async () => {
  script.play(100);
  const past = pastOf(script);
  await past.catchUp();
  const before = reads;
  script.play(20);

  await Promise.all([past.catchUp(), past.catchUp()]);

  expect(textOf(past.head)).toBe(script.textAt(script.entries.length));
  expect(reads - before).toBeLessThan(6);
});

test.each(ways)("each unit has the author that wrote it ($how)", async ({ how }) => {
  script[how](400);
  const past = pastOf(script);
  await past.catchUp();
  for (const count of [50, 200, script.entries.length]) {
    const expected = script.units.filter(({ bornAt, deletedAt }) => bornAt <= count && deletedAt > count).map(({ text, author }) => `${text}${author}`);

    const runs = await authorsAt(past, count);

    expect(runs.flatMap(({ text, userId }) => Array.from(text, (unit) => `${unit}${userId}`))).toEqual(expected);
  }
});

test.each(ways)("between two moments each unit is kept, inserted or deleted, by who did that ($how)", async ({ how }) => {
  script[how](400);
  const past = pastOf(script);
  await past.catchUp();
  for (const [from, to] of [
    [0, 60],
    [60, 61],
    [100, 300],
    [250, script.entries.length],
  ] as const) {
    const expected = script.units.flatMap(({ text, author, bornAt, deletedAt, deleter }) => {
      const [wasShown, isShown] = [bornAt <= from && deletedAt > from, bornAt <= to && deletedAt > to];
      if (wasShown && isShown) return [`${text} kept ${author}`];
      if (isShown) return [`${text} inserted ${author}`];
      return wasShown ? [`${text} deleted ${deleter}`] : [];
    });

    const runs = await compareMoments(past, from, to);

    expect(runs.flatMap(({ text, kind, userId }) => Array.from(text, (unit) => `${unit} ${kind} ${userId}`)).toSorted()).toEqual(expected.toSorted());
    expect(
      runs
        .filter(({ kind }) => kind !== "deleted")
        .map(({ text }) => text)
        .join(""),
    ).toBe(script.textAt(to));
  }
});

test("the list has what one person did without a long pause, the newest first", async () => {
  script.edit("ann", 0, 0, "hello");
  script.edit("ann", 5, 0, " you");
  script.edit("bob", 0, 2, "");
  script.at += 200_000;
  script.edit("bob", 0, 0, "x");
  const past = pastOf(script);
  await past.catchUp();

  expect(groupEdits(past)).toMatchObject([
    { userId: "bob", inserted: 1, deleted: 0, fromCount: 6, toCount: 7 },
    { userId: "bob", name: "BOB", inserted: 0, deleted: 2 },
    { userId: "ann", inserted: 9, deleted: 0, fromCount: 3, toCount: 5 },
  ]);
});

test("two who write at once have a group each, and the list goes on where a page of it ended", async () => {
  for (let turn = 0; turn < 20; turn++) {
    script.edit("ann", 0, 0, "a");
    script.edit("bob", 0, 0, "b");
  }
  script.at += 200_000;
  script.edit("ann", 0, 0, "later");
  const past = pastOf(script);
  await past.catchUp();

  const all = groupEdits(past);
  const first = groupEdits(past, { limit: 2 });
  const rest = groupEdits(past, { before: first.at(-1)?.toCount ?? 0 });

  expect(all).toMatchObject([
    { userId: "ann", inserted: 5 },
    { userId: "bob", inserted: 20 },
    { userId: "ann", inserted: 20 },
  ]);
  expect([...first, ...rest]).toEqual(all);
});

test("an edit counts what it shows and what it hides, and nothing twice", async () => {
  const [ann, bob] = [createDocument(1), createDocument(2)];
  const edits = [editText(ann, (text) => text.insert(0, "0123456789"))];
  applyUpdate(bob, edits[0] ?? new Uint8Array());
  // Both delete the same at once.
  edits.push(
    editText(ann, (text) => text.delete(0, 6)),
    editText(bob, (text) => text.delete(4, 4)),
  );
  edits.push(
    editText(ann, (text) => {
      text.insert(0, "gone at once");
      text.delete(2, 10);
    }),
  );
  for (const [index, update] of edits.entries()) {
    if (update !== undefined) script.entries.push({ count: script.entries.length + 1, at: index, value: { kind: "edited", client: 1, update } });
  }
  const past = pastOf(script);
  await past.catchUp();

  expect(past.edits.map(({ inserted, deleted }) => [inserted, deleted])).toEqual([
    [10, 0],
    [0, 6],
    [0, 2],
    [2, 0],
  ]);
});
