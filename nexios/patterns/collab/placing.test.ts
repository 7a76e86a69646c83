import { expect, test } from "vitest";
import { createDraw, type Draw } from "./draw.fixture.ts";
import {
  applyUpdate,
  clockOf,
  copyDocument,
  createDocument,
  decodeUpdate,
  editText,
  encodeMissing,
  firstPieceOf,
  hasPending,
  piecesOf,
  type TextDocument,
  textOf,
} from "./engine.ts";
import { defaultDocumentLimits, type DocumentLimits, judgeUpdate, type Verdict } from "./gate.ts";
import { Placing } from "./placing.ts";
import { type ForgedPiece, forgeUpdate } from "./update-bytes.fixture.ts";

function judge(document: TextDocument, update: Uint8Array, limits: Partial<DocumentLimits> = {}, own: readonly number[] = [9]): Verdict {
  return judgeUpdate(update, { document, isOwn: (client) => own.includes(client), limits: { ...defaultDocumentLimits, ...limits } });
}

function written(text: string): TextDocument {
  const document = createDocument(1);
  editText(document, (own) => own.insert(0, text));
  return copyDocument(document);
}

const forged = (pieces: readonly ForgedPiece[]): Uint8Array => forgeUpdate([{ client: 9, clock: 0, pieces }]);

test.for([
  ["between two neighbours", { text: "x", origin: [1, 1], rightOrigin: [1, 2] }, undefined],
  ["around what somebody else has put there too", { text: "x", origin: [1, 2], rightOrigin: [1, 3] }, undefined],
  ["around what it hangs on", { text: "x", origin: [1, 0], rightOrigin: [1, 2] }, "CROSSED"],
  ["before what it was put behind the neighbour of", { text: "x", origin: [4, 1], rightOrigin: [1, 4] }, "CROSSED"],
  ["to the end", { text: "x", origin: [1, 1] }, undefined],
  ["behind what it is before", { text: "x", origin: [1, 3], rightOrigin: [1, 2] }, "CROSSED"],
  ["behind and before the same", { text: "x", origin: [1, 3], rightOrigin: [1, 3] }, "CROSSED"],
] as readonly (readonly [string, ForgedPiece, string | undefined])[])("a piece that was put %s is let in unless it lies crosswise", ([, piece, fault]) => {
  const document = written("hello");
  applyUpdate(document, forgeUpdate([{ client: 4, clock: 0, pieces: [{ text: "other", origin: [1, 2], rightOrigin: [1, 3] }] }]));

  expect(judge(document, forged([piece]))).toEqual(fault === undefined ? { kind: "changes", characters: 11 } : { kind: "fault", fault });
});

test("what an edit brings itself may not lie crosswise either", () => {
  const pieces: ForgedPiece[] = [
    { text: "xy", origin: [1, 1], rightOrigin: [1, 2] },
    { text: "z", origin: [9, 1], rightOrigin: [9, 0] },
  ];

  expect(judge(written("hello"), forged(pieces))).toEqual({ kind: "fault", fault: "CROSSED" });
});

/** A document that some have written, here and there. */
function grown(draw: Draw, edits: number): TextDocument {
  const writers = [1, 2, 3].map((client) => createDocument(client));
  for (let edit = 0; edit < edits; edit++) {
    const writer = writers[draw(3)];
    if (writer === undefined) continue;
    for (const other of writers) if (draw(2) === 0) applyUpdate(writer, encodeMissing(other, writer));
    editText(writer, (text) => {
      const at = draw(text.length + 1);
      if (draw(4) === 0) text.delete(at, Math.min(text.length - at, 1 + draw(2)));
      else text.insert(at, "abc".slice(0, 1 + draw(3)));
    });
  }
  const document = createDocument();
  for (const writer of writers) applyUpdate(document, encodeMissing(writer, document));
  return document;
}

/** Pieces between any units that are there. */
function hostile(document: TextDocument, draw: Draw): Uint8Array {
  const anyUnit = (own: number): readonly [number, number] | undefined => {
    const client = [1, 2, 3, 9][draw(4)] ?? 1;
    const units = client === 9 ? own : clockOf(document, client);
    return units === 0 || draw(5) === 0 ? undefined : [client, draw(units)];
  };
  let own = 0;
  const pieces = Array.from({ length: 1 + draw(3) }, (): ForgedPiece => {
    const text = "xyz".slice(0, 1 + draw(3));
    const piece = { text, origin: anyUnit(own), rightOrigin: anyUnit(own) };
    own += text.length;
    return piece;
  });
  return forged(pieces);
}

test("whatever is let in comes to lie at the same place for all, in whatever order it reaches them", () => {
  const draw = createDraw(3);
  let passed = 0;
  for (let round = 0; round < 1_200; round++) {
    const base = grown(draw, 6);
    const update = hostile(base, draw);
    const honest = [4, 20].map((client) => {
      const page = copyDocument(base);
      page.clientID = client;
      for (let left = 1 + draw(2); left > 0; left--) editText(page, (text) => text.insert(draw(text.length + 1), "H"));
      return { page, update: encodeMissing(page, base) };
    });
    if (judge(base, update).kind !== "changes") continue;
    passed++;
    const server = copyDocument(base);
    for (const each of [update, ...honest.map((one) => one.update)]) applyUpdate(server, each);

    for (const { page } of honest) {
      for (const each of [...honest.map((one) => one.update), update]) applyUpdate(page, each);
      expect(textOf(page)).toBe(textOf(server));
    }
  }
  expect(passed).toBeGreaterThan(100);
});

test("pieces are placed as the document places them, and as many are counted as it will have at most", () => {
  const draw = createDraw(8);
  for (let round = 0; round < 1_000; round++) {
    const document = grown(draw, 10);
    const update = draw(2) === 0 ? hostile(document, draw) : late(document, draw);
    if (judge(document, update).kind !== "changes") continue;
    const placing = new Placing(document, Infinity);
    const { structs, deletes } = decodeUpdate(update);
    for (const struct of structs) placing.add(struct, struct.clock);
    for (const { client, clock, length } of deletes) placing.delete(client, clock, length);
    const most = piecesOf(document) + placing.pieces;

    const placed = [...placing.order()].map(({ client, clock }) => `${client} ${clock}`);
    applyUpdate(document, update);

    expect(hasPending(document)).toBe(false);
    expect(placed).toEqual(unitsOf(document));
    expect(piecesOf(document)).toBeLessThanOrEqual(most);
  }
});

function unitsOf(document: TextDocument): readonly string[] {
  const units: string[] = [];
  for (let piece = firstPieceOf(document); piece !== null; piece = piece.right) {
    for (let at = 0; at < piece.length; at++) units.push(`${piece.id.client} ${piece.id.clock + at}`);
  }
  return units;
}

/** What somebody wrote who did not see the others. */
function late(document: TextDocument, draw: Draw): Uint8Array {
  const page = createDocument(9);
  // As it was before the others came.
  applyUpdate(page, encodeMissing(document, createDocument()));
  editText(page, (text) => {
    for (let edits = 3; edits > 0; edits--) {
      const at = draw(text.length + 1);
      if (draw(3) === 0) text.delete(at, Math.min(text.length - at, 2));
      else text.insert(at, "late");
    }
  });
  const update = encodeMissing(page, document);
  const other = createDocument(30);
  applyUpdate(other, encodeMissing(document, other));
  editText(other, (text) => {
    for (let edits = 3; edits > 0; edits--) text.insert(draw(text.length + 1), "other");
  });
  applyUpdate(document, encodeMissing(other, document));
  return update;
}

test("an edit may go past so many pieces on the way to its place, and no more", () => {
  const document = written("");
  for (let client = 100; client < 150; client++) {
    const page = createDocument(client);
    editText(page, (text) => text.insert(0, "p"));
    applyUpdate(document, encodeMissing(page, document));
  }
  // Those with lesser ids come first: it goes past all fifty, and what stands behind it past none.
  const update = forgeUpdate([{ client: 200, clock: 0, pieces: [{ text: "a" }, { text: "b", origin: [200, 0] }] }]);

  expect(judge(document, update, { updatePasses: 50 }, [200])).toEqual({ kind: "changes", characters: 52 });
  expect(judge(document, update, { updatePasses: 49 }, [200])).toEqual({ kind: "limit", limit: "updatePasses", most: 49, found: 50 });
});

test("a piece of one's own is put around by nobody", () => {
  const around: ForgedPiece[] = [
    { text: "x", origin: [1, 1], rightOrigin: [1, 2] },
    { text: "y", origin: [1, 1], rightOrigin: [1, 2] },
  ];
  const later = written("hello");
  applyUpdate(later, forged([{ text: "x", origin: [1, 4] }]));

  expect(judge(written("hello"), forged(around))).toEqual({ kind: "fault", fault: "CROSSED" });
  expect(judge(later, forgeUpdate([{ client: 9, clock: 1, pieces: [{ text: "y", origin: [1, 4] }] }]))).toEqual({ kind: "fault", fault: "CROSSED" });
});

test("an edit of what stands beside each other goes past nothing, however many pieces it has", () => {
  const page = written("words ".repeat(2_000));
  const document = copyDocument(page);
  page.clientID = 9;
  editText(page, (text) => {
    for (let at = 0; at < 2_000; at++) text.insert(7 * at, "-");
    for (let at = 0; at < 500; at++) text.delete(at * 5, 1);
  });

  expect(judge(document, encodeMissing(page, document), { updatePasses: 0 })).toMatchObject({ kind: "changes" });
});

test("what deletions cut counts among the pieces of a document", () => {
  const document = written("a".repeat(1_000));
  const scattered = (every: number): Uint8Array =>
    forgeUpdate(
      [],
      Array.from({ length: 100 }, (_, at) => [1, at * every, 1] as const),
    );

  expect(judge(document, scattered(3), { pieces: 200 })).toEqual({ kind: "changes", characters: 900 });
  expect(judge(document, scattered(3), { pieces: 199 })).toEqual({ kind: "limit", limit: "pieces", most: 199, found: 200 });
  // What cuts nothing is always let in.
  expect(judge(document, forgeUpdate([], [[1, 0, 1_000]]), { pieces: 0 })).toEqual({ kind: "changes", characters: 0 });
  applyUpdate(document, scattered(3));
  expect(piecesOf(document)).toBe(200);
});
