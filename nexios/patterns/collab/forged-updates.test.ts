import { expect, test } from "vitest";
import { createDraw, type Draw } from "./draw.fixture.ts";
import { applyUpdate, clockOf, copyDocument, createDocument, editText, hasPending, lengthOf, piecesOf, type TextDocument, textOf } from "./engine.ts";
import { defaultDocumentLimits, type DocumentLimits, judgeUpdate, type Verdict } from "./gate.ts";
import { type ForgedPiece, type ForgedStretch, forgeUpdate } from "./update-bytes.fixture.ts";

const own = [2, 3, 9];

function hello(): TextDocument {
  const document = createDocument(1);
  editText(document, (text) => text.insert(0, "hello"));
  return copyDocument(document);
}

function judge(document: TextDocument, update: Uint8Array, limits: Partial<DocumentLimits> = {}): Verdict {
  return judgeUpdate(update, { document, isOwn: (client) => own.includes(client), limits: { ...defaultDocumentLimits, ...limits } });
}

const behind = (clock: number, text: string): ForgedPiece => ({ text, origin: [1, clock] });

test.for([
  [
    "two stretches of one client",
    [
      { client: 2, clock: 0, pieces: [behind(4, "a")] },
      { client: 2, clock: 1, pieces: [behind(4, "b")] },
    ],
    [],
  ],
  [
    "a second stretch with nothing in it",
    [
      { client: 2, clock: 0, pieces: [behind(4, "a")] },
      { client: 2, clock: 1, pieces: [] },
    ],
    [[2, 0, 1]],
  ],
  ["a stretch with nothing in it", [{ client: 2, clock: 0, pieces: [] }], [[1, 0, 1]]],
  ["what was collected", [{ client: 2, clock: 0, pieces: [{ gone: 3 }, behind(4, "b")] }], []],
  ["what was collected, of no length", [{ client: 2, clock: 0, pieces: [{ gone: 0 }, behind(4, "b")] }], []],
  ["a text of no length", [{ client: 2, clock: 0, pieces: [behind(4, ""), behind(4, "b")] }], []],
  ["deleted text of no length", [{ client: 2, clock: 0, pieces: [{ deleted: 0, origin: [1, 4] }, behind(4, "b")] }], []],
  ["a deletion of nothing", [{ client: 2, clock: 0, pieces: [behind(4, "b")] }], [[1, 5, 0]]],
  [
    "a deletion of nothing beside another",
    [],
    [
      [1, 0, 2],
      [1, 2, 0],
    ],
  ],
] as readonly (readonly [string, readonly ForgedStretch[], readonly (readonly [number, number, number])[]])[])(
  "%s is refused: no editor makes it",
  ([, stretches, deletes]) => {
    expect(judge(hello(), forgeUpdate(stretches, deletes))).toEqual({ kind: "fault", fault: "MALFORMED" });
  },
);

test("more deleted text than a document may have is past its limit", () => {
  const update = (deleted: number): Uint8Array => forgeUpdate([{ client: 2, clock: 0, pieces: [{ deleted, origin: [1, 4] }] }]);

  expect(judge(hello(), update(2 ** 45))).toMatchObject({ kind: "limit", limit: "characters", found: 2 ** 45 });
  expect(judge(hello(), update(100), { characters: 99 })).toMatchObject({ kind: "limit", limit: "characters", found: 100 });
  expect(judge(hello(), update(100), { characters: 100 })).toEqual({ kind: "changes", characters: 5 });
});

test("a client's edits do not go on for ever", () => {
  const full = Array.from({ length: 3_000 }, (): ForgedPiece => ({ deleted: 2 ** 40, origin: [1, 4] }));

  expect(judge(hello(), forgeUpdate([{ client: 2, clock: 0, pieces: full }]), { characters: 2 ** 40 })).toEqual({ kind: "fault", fault: "MALFORMED" });
});

/** An update that is mostly as Yjs makes it, and hostile somewhere. */
function forge(document: TextDocument, draw: Draw): Uint8Array {
  const anyUnit = (): readonly [number, number] | undefined => {
    const client = [1, 2, 3, 9][draw(4)] ?? 1;
    return draw(3) === 0 ? undefined : [client, draw(clockOf(document, client) + 3)];
  };
  const aPiece = (): ForgedPiece => {
    const ends = { origin: anyUnit(), rightOrigin: anyUnit() };
    const kind = draw(40);
    if (kind === 0) return { gone: draw(3) };
    return kind < 8 ? { deleted: draw(20) === 0 ? 0 : 1 + draw(3), ...ends } : { text: "abc".slice(0, draw(30) === 0 ? 0 : 1 + draw(3)), ...ends };
  };
  const stretches = Array.from({ length: draw(3) }, (): ForgedStretch => {
    const client = own[draw(3)] ?? 2;
    const clock = Math.max(0, clockOf(document, client) + (draw(6) === 0 ? draw(3) - 1 : 0));
    return { client, clock, pieces: Array.from({ length: draw(15) === 0 ? 0 : 1 + draw(3) }, aPiece) };
  });
  const deletes = Array.from({ length: draw(4) }, () => {
    const client = [1, 2, 3, 9][draw(4)] ?? 1;
    return [client, draw(clockOf(document, client) + 2), draw(9) === 0 ? 0 : 1 + draw(2)] as const;
  });
  return forgeUpdate(stretches, deletes);
}

test("of 20,000 forged updates whatever is let in leaves nothing hanging, the text as long as was said, and no more pieces than may be", () => {
  const draw = createDraw(5);
  let [document, passed] = [hello(), 0];

  for (let round = 0; round < 20_000; round++) {
    if (round % 40 === 0) document = hello();
    const update = forge(document, draw);
    const before = piecesOf(document);
    const verdict = judge(document, update, { characters: 40, pieces: 14 });
    if (verdict.kind !== "changes") continue;
    passed++;
    applyUpdate(document, update);
    expect(hasPending(document)).toBe(false);
    expect(textOf(document)).toHaveLength(verdict.characters);
    expect(lengthOf(document)).toBe(verdict.characters);
    expect(piecesOf(document)).toBeLessThanOrEqual(Math.max(14, before));
  }

  expect(passed).toBeGreaterThan(300);
});
