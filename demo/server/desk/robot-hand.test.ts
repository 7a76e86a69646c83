import * as fc from "fast-check";
import { forewordId } from "../../rooms/desk.ts";
import { expect, test } from "vitest";
import { pieces } from "../auction/catalogue.ts";
import { followChange, type Hand, mostCharacters, mostOwn, planHand, stepHand } from "./robot-hand.ts";
import { sentencesFor, slips } from "./robot-sentences.ts";
import type { Span } from "./spans.ts";

const sentences = sentencesFor("house-1");
const always = (value: number) => () => value;
/** Draws in this order, again and again. */
const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 50 }).map((values) => {
  let at = 0;
  return () => values[at++ % values.length] ?? 0;
});
const written = fc
  .array(fc.constantFrom("Walnut.", "Key present.", "A dayligth", "unfinished", "\n", sentences[0] ?? "", "Seen by", `${"x".repeat(250)}.`), { maxLength: 12 })
  .map((parts) => parts.join(" "));

/** All that a hand does, with nobody else there. */
function finish(text: string, hand: Hand | undefined): string {
  let now = text;
  for (let left = hand; left !== undefined;) {
    const step = stepHand(left, now, []);
    if (step.kind !== "write") throw new Error(`The hand can't go on: ${step.kind}`);
    now = now.slice(0, step.at) + step.inserted + now.slice(step.at + step.deleted);
    left = step.hand;
  }
  return now;
}

test("a sentence is added word by word, behind one that is there", () => {
  const hand = planHand("Walnut. Key present.", { kept: [], sentences, random: always(0.4) });

  const step = hand && stepHand(hand, "Walnut. Key present.", []);

  expect(step).toMatchObject({ kind: "write", at: 20, deleted: 0, inserted: " Small" });
  expect(finish("Walnut. Key present.", hand)).toBe("Walnut. Key present. Small marks of use, none of them new.");
});

test("a slip is mended, and a sentence that was broken off is finished", () => {
  const plan = { kept: [], sentences, random: always(0) };

  expect(finish("Seen in dayligth. Old.", planHand("Seen in dayligth. Old.", plan))).toBe("Seen in daylight. Old.");
  expect(finish("Walnut. Seen by", planHand("Walnut. Seen by", plan))).toBe("Walnut. Seen by daylight, on all sides.");
});

test("however long it goes on, the text stays short, and what others have written stands in it, in order", () => {
  fc.assert(
    fc.property(written, draws, fc.integer({ min: 1, max: 60 }), (first, random, times) => {
      const others = (text: string): string =>
        [...sentences, ...slips.values(), ...slips.keys(), " ", "Seen", "by"].reduce((left, gone) => left.replaceAll(gone, ""), text);
      let text = first;
      for (let time = 0; time < times; time++) {
        text = finish(text, planHand(text, { kept: [], sentences, random }));
        // What slipped is mended next.
        if ([...slips.values()].some((slip) => text.includes(slip))) continue;
        expect(text.length).toBeLessThanOrEqual(Math.max(first.length + 1, mostCharacters));
        expect(sentences.filter((sentence) => text.includes(sentence)).length).toBeLessThanOrEqual(
          Math.max(mostOwn, sentences.filter((sentence) => first.includes(sentence)).length),
        );
      }
      while ([...slips.values()].some((slip) => text.includes(slip))) text = finish(text, planHand(text, { kept: [], sentences, random: always(0) }));

      for (const word of ["Walnut.", "Key present.", "unfinished", "\n"]) expect(others(text).split(word).length).toBe(others(first).split(word).length);
    }),
  );
});

test("no change touches what is others', and none breaks a line as another machine would", () => {
  const kept = fc.array(
    fc.tuple(fc.nat(60), fc.nat(30)).map(([from, length]): Span => ({ from, to: from + length })),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(written, draws, kept, (text, random, spans) => {
      const hand = planHand(text, { kept: spans, sentences, random });
      const step = hand && stepHand(hand, text, spans);
      if (step === undefined) return;

      expect(step.kind).toBe("write");
      if (step.kind !== "write") return;
      for (const { from, to } of spans) expect(step.at + step.deleted < from || step.at > to).toBe(true);
      expect(step.inserted).not.toMatch(/[\r\n]/);
    }),
  );
});

test("a hand waits while somebody is there, follows what is written elsewhere, and gives up where it was interrupted", () => {
  const text = "Walnut. Seen by";
  const hand: Hand = { at: 15, marked: "", written: " Seen by", words: [" daylight."] };

  const moved = followChange(hand, { at: 0, deleted: 0, inserted: 5 });

  expect(stepHand(hand, text, [{ from: 15, to: 15 }])).toEqual({ kind: "wait" });
  expect(moved && stepHand(moved, `Dark ${text}`, [])).toMatchObject({ kind: "write", at: 20 });
  expect([7, 10, 15].map((at) => followChange(hand, { at, deleted: 0, inserted: 1 }))).toEqual([undefined, undefined, undefined]);
  expect(stepHand(hand, "Walnut. Seen at", [])).toEqual({ kind: "lost" });
});

test("nothing that a text of the house begins with is taken for the robot's own", () => {
  const own = [...sentences, ...sentencesFor(forewordId), ...slips.values()];

  for (const { about } of pieces) expect(own.filter((sentence) => about.includes(sentence))).toEqual([]);
  for (const [right, slip] of slips) expect(slip.length).toBeLessThanOrEqual(right.length);
});
