import { expect, test } from "vitest";
import { type Draw, createDraw } from "./draw.fixture.ts";
import { applyUpdate, createDocument, editText, encodeMissing, lengthOf, type TextDocument } from "./engine.ts";
import type { DocumentEntry } from "./entry.ts";
import { foldWhenGrown } from "./fold.ts";
import { DocumentPast, type PastEntry } from "./past.ts";
import { createDocumentState, evolveDocument, nextClientOf } from "./state.ts";

/** A log of three who write, a fold now and then, and beside it the text after each entry, kept as a plain string. */
class LongPast {
  readonly entries: PastEntry[] = [];
  readonly texts: string[] = [""];
  folds = 0;
  readonly #state = createDocumentState();
  readonly #pages = new Map<string, TextDocument>();

  append(value: DocumentEntry, text = this.texts.at(-1) ?? ""): void {
    // As it is stored: nothing that is held here can change it afterwards.
    this.entries.push({ value: structuredClone(value), count: this.entries.length + 1, at: this.entries.length });
    evolveDocument(this.#state, value);
    this.texts.push(text);
  }

  write(name: string, draw: Draw): void {
    const page = this.#pageOf(name);
    applyUpdate(page, encodeMissing(this.#state.document, page));
    const length = lengthOf(page);
    const at = draw(length + 1);
    const deleted = draw(5) === 0 ? Math.min(draw(12), length - at) : 0;
    const inserted = draw(5) === 0 ? "" : "abcdefghij".slice(0, 1 + draw(4));
    const update = editText(page, (text) => {
      text.delete(at, deleted);
      text.insert(at, inserted);
    });
    const text = this.texts.at(-1) ?? "";
    if (update !== undefined) this.append({ kind: "edited", client: page.clientID, update }, text.slice(0, at) + inserted + text.slice(at + deleted));
  }

  /** Everybody has to open it anew after that. */
  fold(): void {
    const folded = foldWhenGrown(this.#state, { foldPieces: 50 }, { isAlone: true, access: "write", now: 0 });
    if (folded === undefined) return;
    this.folds++;
    this.append(folded);
    this.#pages.clear();
  }

  #pageOf(name: string): TextDocument {
    const known = this.#pages.get(name);
    if (known !== undefined) return known;
    const client = nextClientOf(this.#state);
    this.append({ kind: "opened", client, userId: name, name });
    const page = createDocument(client);
    this.#pages.set(name, page);
    return page;
  }
}

test("the text at each of 100 random moments is what all edits before it make of an empty one, kept documents and folds between them or not", async () => {
  const draw = createDraw(23);
  const long = new LongPast();
  while (long.entries.length < 6_000) {
    long.write(["ann", "bob", "cat"][draw(3)] ?? "ann", draw);
    if (draw(400) === 0) long.fold();
  }
  const past = new DocumentPast({ read: (after, limit) => Promise.resolve(long.entries.slice(after, after + limit)), oldest: () => Promise.resolve(0) });
  await past.catchUp();

  const random = Array.from({ length: 100 }, () => draw(long.entries.length + 1));
  // And where a document is kept, with its neighbours.
  for (const count of [...random, 0, 2_499, 2_500, 2_501, 4_999, 5_000, long.entries.length]) {
    expect(await past.textAt(count), `after ${count} entries`).toBe(long.texts[count]);
  }
  expect(long.folds).toBeGreaterThan(3);
});
