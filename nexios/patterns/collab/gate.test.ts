import { expect, test } from "vitest";
import * as Y from "yjs";
import { applyUpdate, createDocument, editText, encodeMissing, hasPending, textOf, type TextDocument } from "./engine.ts";
import { defaultDocumentLimits, type DocumentLimits, judgeUpdate, type Verdict } from "./gate.ts";

const server = (): TextDocument => {
  const document = createDocument();
  applyUpdate(document, editText(createDocument(1), (text) => text.insert(0, "hello")) ?? new Uint8Array());
  return document;
};

function judge(document: TextDocument, update: Uint8Array | undefined, own: readonly number[] = [1], limits: Partial<DocumentLimits> = {}): Verdict {
  return judgeUpdate(update ?? new Uint8Array(), { document, isOwn: (client) => own.includes(client), limits: { ...defaultDocumentLimits, ...limits } });
}

/** A writer that has what the server has. */
function writer(document: TextDocument, client: number): TextDocument {
  const own = createDocument(client);
  applyUpdate(own, encodeMissing(document, own));
  return own;
}

test("an edit of one's own is let in, with the length that the text will have", () => {
  const document = server();
  const own = writer(document, 2);

  const inserted = judge(
    document,
    editText(own, (text) => text.insert(5, " there")),
    [2],
  );
  const both = judge(
    document,
    editText(own, (text) => {
      text.delete(0, 2);
      text.insert(0, "y");
    }),
    [2],
  );

  expect(inserted).toEqual({ kind: "changes", characters: 11 });
  expect(both).toMatchObject({ kind: "fault", fault: "GAP" });
});

test("an edit that is there already, and one that deletes what is deleted, are known", () => {
  const document = server();
  const own = writer(document, 2);
  const update = editText(own, (text) => text.delete(0, 2)) ?? new Uint8Array();
  applyUpdate(document, update);

  expect(judge(document, update, [2])).toEqual({ kind: "known" });
  expect(textOf(document)).toBe("llo");
});

test("what was inserted and deleted in one edit adds nothing to the length", () => {
  const document = server();
  const own = writer(document, 2);

  const update = editText(own, (text) => {
    text.insert(0, "abc");
    text.delete(0, 3);
  });

  expect(judge(document, update, [2])).toEqual({ kind: "changes", characters: 5 });
});

test("edits of two client ids of one person, merged in whatever order, are let in as one", () => {
  const document = server();
  const [first, second] = [writer(document, 2), writer(document, 3)];
  const one = editText(first, (text) => text.insert(5, "!")) ?? new Uint8Array();
  applyUpdate(second, one);
  const two = editText(second, (text) => text.insert(6, "?")) ?? new Uint8Array();

  expect(judge(document, Y.mergeUpdates([two, one]), [2, 3])).toEqual({ kind: "changes", characters: 7 });
  expect(judge(document, two, [2, 3])).toEqual({ kind: "fault", fault: "GAP" });
});

test("another's client id is refused", () => {
  const document = server();

  expect(
    judge(
      document,
      editText(writer(document, 2), (text) => text.insert(0, "x")),
      [3],
    ),
  ).toEqual({ kind: "fault", fault: "FOREIGN_CLIENT" });
});

test.for([
  ["another root", "FOREIGN_PLACE", (own: TextDocument): unknown => own.getText("title").insert(0, "x")],
  ["a map", "NOT_TEXT", (own: TextDocument): unknown => own.getMap("text2").set("a", 1)],
  ["an embed", "NOT_TEXT", (own: TextDocument): unknown => own.getText("text").insertEmbed(0, { image: "x" })],
  ["a format", "NOT_TEXT", (own: TextDocument): unknown => own.getText("text").format(0, 2, { bold: true })],
  ["an attribute", "NOT_TEXT", (own: TextDocument): unknown => own.getText("text").setAttribute("a", "b")],
] as const)("%s is refused as %s", ([, fault, change]) => {
  const document = server();
  const own = writer(document, 2);
  let update: Uint8Array | undefined;
  own.on("update", (made: Uint8Array) => (update = made));
  change(own);

  expect(judge(document, update, [2])).toEqual({ kind: "fault", fault });
});

test.for([
  ["updateBytes", { updateBytes: 15 }],
  ["updatePieces", { updatePieces: 0 }],
  ["characters", { characters: 9 }],
  ["pieces", { pieces: 1 }],
] as const)("past %s it is refused whole", ([limit, limits]) => {
  const document = server();

  const verdict = judge(
    document,
    editText(writer(document, 2), (text) => text.insert(0, "xxxxxxxxxx")),
    [2],
    limits,
  );

  expect(verdict).toMatchObject({ kind: "limit", limit });
});

test("a text that is too long may still be cut", () => {
  const document = server();

  expect(
    judge(
      document,
      editText(writer(document, 2), (text) => text.delete(0, 1)),
      [2],
      { characters: 2 },
    ),
  ).toEqual({ kind: "changes", characters: 4 });
});

test("of 10,000 mutated updates none makes the gate fail, and whatever it lets in leaves nothing hanging and no text too long", () => {
  const document = server();
  const own = writer(document, 2);
  const updates = [
    editText(own, (text) => text.insert(2, "wonderful")),
    editText(own, (text) => text.delete(1, 4)),
    editText(own, (text) => text.insert(0, "ünï")),
  ].map((update) => update ?? new Uint8Array());
  let seed = 7;
  const draw = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  let passed = 0;

  for (let round = 0; round < 10_000; round++) {
    const bytes = Uint8Array.from(updates[draw(updates.length)] ?? []);
    for (let changes = 1 + draw(3); changes > 0; changes--) bytes[draw(bytes.length)] = draw(256);
    const target = server();
    const verdict = judge(target, bytes.subarray(0, draw(4) === 0 ? draw(bytes.length) : bytes.length), [2], { characters: 16 });
    if (verdict.kind !== "changes") continue;
    passed++;
    applyUpdate(target, bytes);
    expect(hasPending(target)).toBe(false);
    expect(textOf(target)).toHaveLength(verdict.characters);
  }

  expect(passed).toBeGreaterThan(10);
});
