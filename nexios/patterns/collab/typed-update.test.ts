import fc from "fast-check";
import { expect, test } from "vitest";
import { createDocument, decodeUpdate, editText } from "./engine.ts";
import { decodeTyped } from "./typed-update.ts";
import { type ForgedPiece, forgeUpdate } from "./update-bytes.fixture.ts";

const clock = fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32, 2 ** 49, 2 ** 53 - 1));
const client = fc.oneof(fc.integer({ min: 1, max: 4 }), clock);
const unit = fc.option(fc.tuple(client, clock), { nil: undefined });
const beside = { origin: unit, rightOrigin: unit };
const piece: fc.Arbitrary<ForgedPiece> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ text: fc.string({ maxLength: 5 }), ...beside }) },
  fc.record({ text: fc.string({ unit: "grapheme", maxLength: 3 }), ...beside }),
  fc.record({ deleted: fc.nat({ max: 3 }), ...beside }),
  fc.record({ gone: fc.nat({ max: 3 }) }),
);
const stretch = fc.record({ client, clock: fc.nat({ max: 300 }), pieces: fc.array(piece, { maxLength: 9 }) });
const ranges = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.nat({ max: 300 }), fc.nat({ max: 4 })), { maxLength: 4 });
const change = fc.record({ at: fc.nat({ max: 70 }), byte: fc.nat({ max: 255 }), kind: fc.constantFrom("set", "cut", "none", "none") });

function changed(update: Uint8Array, { at, byte, kind }: { readonly at: number; readonly byte: number; readonly kind: string }): Uint8Array {
  if (kind === "cut") return update.slice(0, at);
  if (kind === "none" || at >= update.length) return update;
  const other = update.slice();
  other[at] = byte;
  return other;
}

function decodedOrNot(update: Uint8Array): unknown {
  try {
    return JSON.parse(JSON.stringify(decodeUpdate(update)));
  } catch {
    return "none";
  }
}

test("what it says of an update is what Yjs says, whatever the update is", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 2 }), ranges, fc.array(change, { maxLength: 2 }), (stretches, deletes, changes) => {
      const update = changes.reduce(changed, forgeUpdate(stretches, deletes));

      const typed = decodeTyped(update);

      if (typed === undefined) return;
      taken++;
      expect(JSON.parse(JSON.stringify(typed))).toEqual(decodedOrNot(update));
    }),
    { numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(1_000);
});

test("it takes what is typed into a text, and what is deleted from it", () => {
  const document = createDocument(7);
  const edits: ((text: { insert(at: number, text: string): void; delete(at: number, length: number): void }) => void)[] = [
    (text) => text.insert(0, "hello"),
    (text) => text.insert(5, "!"),
    (text) => text.insert(2, "x"),
    (text) => text.delete(1, 3),
    (text) => {
      text.delete(0, 1);
      text.insert(0, "H");
    },
  ];

  const taken = edits.map((edit) => decodeTyped(editText(document, edit) ?? new Uint8Array()) !== undefined);

  // The first piece of a text says in which it is.
  expect(taken).toEqual([false, true, true, true, true]);
});
