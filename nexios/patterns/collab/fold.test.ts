import { beforeEach, expect, test } from "vitest";
import { applyUpdate, createDocument, editText, encodeMissing, lengthOf, textOf } from "./engine.ts";
import type { Access } from "./entry.ts";
import { foldWhenGrown } from "./fold.ts";
import { createDocumentState, type DocumentState, evolveDocument, nextClientOf, stateCodec } from "./state.ts";

let state: DocumentState;
/** The text before and after each fold. */
let folds: (readonly [before: string, after: string])[];

beforeEach(() => {
  state = createDocumentState();
  folds = [];
});

/** Somebody comes, edits once, and goes. */
function visit(userId: string, change: (text: Parameters<Parameters<typeof editText>[1]>[0]) => void, foldPieces = 1_000): void {
  const folded = foldWhenGrown(state, { foldPieces }, { isAlone: true, access: "write", now: 0 });
  if (folded !== undefined) {
    const before = textOf(state.document);
    evolveDocument(state, folded);
    folds.push([before, textOf(state.document)]);
  }
  const client = nextClientOf(state);
  evolveDocument(state, { kind: "opened", client, userId, name: userId });
  const own = createDocument(client);
  applyUpdate(own, encodeMissing(state.document, own));
  const update = editText(own, change);
  if (update !== undefined) evolveDocument(state, { kind: "edited", client, update });
}

test.each([{ whose: "one person" }, { whose: "as many people" }])(
  "2,000 sessions of $whose on a text of 5 kB are never more than 60 kB",
  { timeout: 60_000 },
  ({ whose }) => {
    visit("first", (text) => text.insert(0, "a".repeat(5_000)));
    let largest = 0;

    for (let session = 0; session < 2_000; session++) {
      const at = (session * 7_919) % 4_900;
      visit(whose === "one person" ? "ann" : `person-${session}`, (text) => {
        text.delete(at, 100);
        text.insert(at, `${session} `.repeat(100).slice(0, 100));
      });
      if (session % 50 === 49) largest = Math.max(largest, stateCodec.encode(state).length);
    }

    expect(folds.length).toBeGreaterThan(0);
    for (const [before, after] of folds) expect(after).toBe(before);
    expect(lengthOf(state.document)).toBe(5_000);
    expect(largest).toBeLessThanOrEqual(60_000);
  },
);

test("a text that many hands have written in turns is not folded again and again", () => {
  for (let session = 0; session < 300; session++) visit(`person-${session % 7}`, (text) => text.insert((session * 31) % (text.length + 1), "ab"), 20);

  expect(folds.length).toBeLessThan(3);
});

test("with others there a document grows further before it is folded", () => {
  for (let session = 0; session < 30; session++) {
    visit(
      "ann",
      (text) => {
        text.delete(0, text.length);
        text.insert(0, "new");
      },
      Infinity,
    );
  }

  const foldOf = (foldPieces: number, isAlone: boolean): string | undefined => foldWhenGrown(state, { foldPieces }, { isAlone, access: "write", now: 0 })?.kind;
  expect([foldOf(20, false), foldOf(20, true)]).toEqual([undefined, "folded"]);
  expect(foldOf(5, false)).toBe("folded");
});

function open(count: number): void {
  for (let left = count; left > 0; left--) evolveDocument(state, { kind: "opened", client: nextClientOf(state), userId: `reader-${left}`, name: "Reader" });
}

test("a document that is opened again and again is folded too, later where it is opened by who may only read", () => {
  visit("ann", (text) => text.insert(0, "hello"));
  const foldOf = (access: Access): string | undefined => foldWhenGrown(state, { foldPieces: 10 }, { isAlone: false, access, now: 0 })?.kind;
  open(98);
  const before = foldOf("write");
  open(1);
  const then = [foldOf("write"), foldOf("read")];
  open(300);
  const later = foldOf("read");
  const folded = foldWhenGrown(state, { foldPieces: 10 }, { isAlone: false, access: "read", now: 0 });
  if (folded !== undefined) evolveDocument(state, folded);

  expect([before, then, later]).toEqual([undefined, ["folded", undefined], "folded"]);
  expect([state.writers, state.clients, foldOf("write")]).toEqual([[{ userId: "ann", name: "ann" }], [0], undefined]);
  expect(textOf(state.document)).toBe("hello");
});

test("who may only read folds nothing under the hands of those who write, whatever his page says", () => {
  for (let session = 0; session < 30; session++) visit("ann", (text) => text.insert(0, "ab"), Infinity);
  visit("ann", (text) => text.delete(0, 50), Infinity);
  for (let session = 0; session < 30; session++) {
    visit("ann", (text) => text.insert(0, "x"), Infinity);
    visit("ann", (text) => text.delete(0, 1), Infinity);
  }
  const foldOf = (access: Access): string | undefined => foldWhenGrown(state, { foldPieces: 20 }, { isAlone: true, access, now: 0 })?.kind;

  expect([foldOf("read"), foldOf("write")]).toEqual([undefined, "folded"]);
});

test("writers are found again in a state that was stored, and each stands there once", () => {
  open(3);
  state = stateCodec.decode(stateCodec.encode(state));
  open(5);

  expect(state.writers).toHaveLength(5);
  expect(state.clients).toHaveLength(8);
  expect(state.clients.slice(0, 3)).toEqual(expect.arrayContaining(state.clients.slice(-3)));
});
