import { beforeEach, expect, test } from "vitest";
import { createDraw } from "./draw.fixture.ts";
import { applyUpdate, createDocument, editText, encodeMissing, textOf } from "./engine.ts";
import type { DocumentEntry } from "./entry.ts";
import { DocumentPast, type PastEntry } from "./past.ts";
import { forgetAll, nextRetention, retain } from "./retention.ts";
import { createDocumentState, type DocumentState, evolveDocument, nextClientOf } from "./state.ts";

const hourMs = 3_600_000;
const keepMs = 100 * hourMs;

/** A document's log, kept as the room keeps it, under a clock that is moved by hand. */
class KeptDocument {
  readonly state: DocumentState = createDocumentState();
  readonly texts: { readonly count: number; readonly at: number; readonly text: string }[] = [];
  #entries: PastEntry[] = [];
  now = 1_000_000;

  get entries(): readonly PastEntry[] {
    return this.#entries;
  }

  get past(): DocumentPast {
    return new DocumentPast({
      read: (after, limit) => Promise.resolve(this.#entries.filter(({ count }) => count > after).slice(0, limit)),
      oldest: () => Promise.resolve(this.state.oldest),
    });
  }

  append(...entries: readonly DocumentEntry[]): void {
    for (const value of entries) {
      evolveDocument(this.state, value);
      this.#entries.push({ value, count: this.state.count, at: this.now });
      this.texts.push({ count: this.state.count, at: this.now, text: textOf(this.state.document) });
    }
    this.#entries = this.#entries.filter(({ count }) => count >= this.state.oldest);
  }

  /** Somebody comes, writes once, and goes. */
  visit(userId: string, text: string): void {
    const client = nextClientOf(this.state);
    this.append({ kind: "opened", client, userId, name: userId, ...(this.state.count === 0 && { at: this.now }) });
    const own = createDocument(client);
    applyUpdate(own, encodeMissing(this.state.document, own));
    const update = editText(own, (all) => all.insert(Math.min(3, all.length), text));
    if (update !== undefined) this.append({ kind: "edited", client, update });
  }

  /** To a time, with what is due before it. */
  wait(until: number): void {
    for (let due = nextRetention(this.state, { keepMs }); due !== undefined && due <= until; due = nextRetention(this.state, { keepMs })) {
      this.now = Math.max(this.now, due);
      const entries = retain(this.state, { keepMs }, this.now);
      if (entries.length === 0) throw new Error("It woke for nothing");
      this.append(...entries);
    }
    this.now = until;
  }
}

let kept: KeptDocument;

beforeEach(() => {
  kept = new KeptDocument();
});

test.each([1, 2, 3, 4, 5])("each moment is there as long as it is kept, and gone a quarter later (draw %i)", async (seed) => {
  const draw = createDraw(seed);
  for (let visit = 0; visit < 200; visit++) {
    kept.visit(["ann", "bob", "cat"][draw(3)] ?? "", `${visit} `);
    kept.wait(kept.now + draw(10) * hourMs);
    const { oldest } = kept.state;
    // The last text before a time is what could be seen at it.
    const needed = kept.texts.findLast(({ at }) => at <= kept.now - keepMs)?.count ?? 0;
    expect(oldest).toBeLessThanOrEqual(needed);
    expect(kept.entries.filter(({ at }) => at < kept.now - 1.25 * keepMs - 10 * hourMs)).toEqual([]);
  }

  const { past } = kept;
  await past.catchUp();

  expect(past.oldest).toBe(kept.state.oldest);
  expect(past.oldest).toBeGreaterThan(0);
  for (const { count, text } of kept.texts.filter(({ count: each }) => each >= past.oldest)) expect(await past.textAt(count)).toBe(text);
  expect(past.hasMoment(past.oldest - 1)).toBe(false);
});

test("a document that nobody opens any more keeps its text, and of its past a fold alone", () => {
  kept.visit("ann", "hello");
  kept.visit("bob", "world");

  kept.wait(kept.now + 3 * keepMs);

  expect(textOf(kept.state.document)).toBe("helworldlo");
  expect(kept.entries.map(({ value }) => value.kind)).toEqual(["folded", "forgot"]);
  expect(nextRetention(kept.state, { keepMs })).toBeUndefined();
});

test("a moment with a name stays, with all after it, until the name is taken away", async () => {
  kept.visit("ann", "first ");
  kept.append({ kind: "named", version: { name: "first", count: kept.state.count, userId: "ann", at: kept.now } });
  const { count } = kept.state;
  for (let visit = 0; visit < 50; visit++) {
    kept.wait(kept.now + 10 * hourMs);
    kept.visit("bob", `${visit} `);
  }
  const { past } = kept;
  await past.catchUp();

  expect(await past.textAt(count)).toBe("first ");
  kept.append({ kind: "unnamed", name: "first", count: count - 1 });
  kept.wait(kept.now + 1);

  expect(kept.state.versions).toEqual([]);
  expect(kept.state.oldest).toBeGreaterThan(count);
});

test("of a document that is kept for ever nothing is due", () => {
  kept.visit("ann", "hello");

  expect(nextRetention(kept.state, { keepMs: Infinity })).toBeUndefined();
});

test("so many folds are kept in mind that the past may begin at any time, and no more", () => {
  for (let fold = 0; fold < 1_000; fold++) {
    kept.visit("ann", "a");
    kept.now += hourMs / 10;
    kept.append(...forgetAll(kept.state, kept.now).slice(0, 1));
  }

  const { folds } = kept.state;
  expect(folds.length).toBeLessThanOrEqual(64);
  expect(folds.at(-1)?.at).toBe(kept.now);
  for (const [index, { at }] of folds.slice(1).entries()) expect(at - (folds[index]?.at ?? 0)).toBeLessThan(4 * hourMs);
});

test("what is all forgotten leaves the text and its writers", async () => {
  kept.visit("ann", "hello");
  kept.visit("bob", "world");
  const { past } = kept;
  await past.catchUp();

  kept.append(...forgetAll(kept.state, kept.now));
  await past.catchUp();

  expect(kept.entries).toHaveLength(2);
  expect([past.oldest, past.edits, past.writerOf(1)]).toEqual([kept.state.count - 1, [], undefined]);
  expect(await past.textAt(past.oldest)).toBe("helworldlo");
});
