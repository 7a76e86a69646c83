import { expect, test } from "vitest";
import { applyUpdate, createDocument, editText, textOf } from "./engine.ts";
import { defaultDocumentLimits } from "./gate.ts";
import { type Flight, SessionQueue, type UnsavedEdit } from "./session-queue.ts";

const never = (): boolean => false;
const limits = { ...defaultDocumentLimits, updateBytes: 60 };

/** Edits of one hand, each behind the one before. */
function edits(count: number): readonly UnsavedEdit[] {
  const document = createDocument(7);
  return Array.from({ length: count }, (_, index) => {
    const update = editText(document, (text) => text.insert(text.length, `<${index}>`));
    return { client: 7, update: update ?? new Uint8Array(), isLeft: false };
  });
}

function takeAll(queue: SessionQueue): readonly Flight[] {
  const flights: Flight[] = [];
  for (let next = queue.next(limits, never); next !== undefined && !("tooLong" in next); next = queue.next(limits, never)) flights.push(next);
  return flights;
}

test("what is put back goes first, in the order in which it was made, and each flight hangs on those before it alone", () => {
  const queue = new SessionQueue();
  const all = edits(20);
  queue.add(...all);
  const first = queue.next(limits, never) as Flight;
  const second = queue.next(limits, never) as Flight;

  queue.putBack(second);
  queue.putBack(first);
  const document = createDocument();
  const flights = takeAll(queue);
  const texts = flights.map(({ update }) => {
    applyUpdate(document, update);
    return textOf(document);
  });

  expect(first.edits.length).toBeGreaterThan(1);
  expect(flights.flatMap((flight) => flight.edits)).toEqual(all);
  expect(texts.at(-1)).toBe(Array.from({ length: 20 }, (_, index) => `<${index}>`).join(""));
  // Each brought something: none waited for a later one.
  expect(new Set(texts).size).toBe(texts.length);
});
