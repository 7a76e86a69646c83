import { slips } from "./robot-sentences.ts";
import { type Change, isFree, type Span } from "./spans.ts";

/** What the robot is at: it marks what is to go, takes it away, and writes word by word in its place. */
export interface Hand {
  /** Where what is marked begins, and where the next word goes. */
  readonly at: number;
  readonly marked: string;
  /** What stands before that place by now. */
  readonly written: string;
  /** What is still to be written. */
  readonly words: readonly string[];
}

/** The next thing to do with a hand. */
export type Step =
  /** Somebody is at that place. */
  | { readonly kind: "wait" }
  /** What it was at is not as it was. */
  | { readonly kind: "lost" }
  /** A change of the text, and what is left to do after it. */
  | { readonly kind: "write"; readonly at: number; readonly deleted: number; readonly inserted: string; readonly hand: Hand | undefined };

export interface Plan {
  /** Places that are others'. */
  readonly kept: readonly Span[];
  /** What it has to say. */
  readonly sentences: readonly string[];
  /** From 0 to 1. */
  readonly random: () => number;
}

/** With what the robot adds a text is not longer than this. */
export const mostCharacters = 600;
/** Of so many sentences of its own it takes one back before it adds another. */
export const mostOwn = 3;
/** Words of a sentence from which it is known where a text ends with it. */
const leastBegun = 2;

/** What the robot would do next in a text: mend a slip, finish a sentence, add one, or take one of its own back. `undefined`: nothing. Pure but for `random`. */
export function planHand(text: string, plan: Plan): Hand | undefined {
  const own = plan.sentences.filter((sentence) => text.includes(sentence));
  return mendSlip(text, plan) ?? finishSentence(text, plan) ?? (own.length < mostOwn ? addSentence(text, plan) : takeBack(text, own, plan));
}

/** The next change, in the text as it is now. Pure. */
export function stepHand({ at, marked, written, words: [word = "", ...words] }: Hand, text: string, kept: readonly Span[]): Step {
  if (text.slice(at - written.length, at) !== written || !text.startsWith(marked, at)) return { kind: "lost" };
  if (!isFree(kept, { from: at, to: at + marked.length })) return { kind: "wait" };
  const hand = words.length === 0 ? undefined : { at: at + word.length, marked: "", written: written + word, words };
  return { kind: "write", at, deleted: marked.length, inserted: word, hand };
}

/** The hand after a change of somebody else's; `undefined` if that was just there. Pure. */
export function followChange(hand: Hand, change: Change): Hand | undefined {
  const from = hand.at - hand.written.length;
  const to = hand.at + hand.marked.length;
  if (change.at > to) return hand;
  return change.at + change.deleted < from ? { ...hand, at: hand.at + change.inserted - change.deleted } : undefined;
}

function mendSlip(text: string, { kept }: Plan): Hand | undefined {
  for (const [right, slip] of slips) {
    for (const { index } of text.matchAll(new RegExp(`\\b${slip}\\b`, "g"))) {
      if (isFree(kept, { from: index, to: index + slip.length })) return { at: index, marked: slip, written: "", words: [right] };
    }
  }
  return undefined;
}

/** A sentence that the text ends in the middle of: a restart may have come between. */
function finishSentence(text: string, { kept, sentences }: Plan): Hand | undefined {
  if (!isFree(kept, { from: text.length, to: text.length })) return undefined;
  for (const sentence of unsaidIn(text, sentences)) {
    const words = wordsOf(sentence, "");
    for (let begun = words.length - 1; begun >= leastBegun; begun--) {
      const written = words.slice(0, begun).join("");
      if (text === written || text.endsWith(` ${written}`)) return { at: text.length, marked: "", written, words: words.slice(begun) };
    }
  }
  return undefined;
}

function addSentence(text: string, { kept, sentences, random }: Plan): Hand | undefined {
  const isBlank = text.trim() === "";
  const ends = isBlank ? [0] : [...text.matchAll(/[.!?](?=\s|$)/g)].map(({ index }) => index + 1);
  const places = ends.filter((at) => isFree(kept, { from: at, to: at }));
  const at = random() < 0.5 ? places.at(-1) : pick(places, random);
  const sentence = pick(unsaidIn(text, sentences), random);
  if (at === undefined || sentence === undefined) return undefined;
  return { at, marked: "", written: "", words: slipIn(wordsOf(sentence, isBlank ? "" : " "), random) };
}

function takeBack(text: string, own: readonly string[], { kept, random }: Plan): Hand | undefined {
  const all = own.map((sentence) => {
    const start = text.indexOf(sentence);
    const at = text.charAt(start - 1) === " " ? start - 1 : start;
    return { at, marked: text.slice(at, start + sentence.length), written: "", words: [] };
  });
  return pick(
    all.filter(({ at, marked }) => isFree(kept, { from: at, to: at + marked.length })),
    random,
  );
}

/** What is not in the text and has room there. */
function unsaidIn(text: string, sentences: readonly string[]): readonly string[] {
  return sentences.filter((sentence) => !text.includes(sentence) && text.length + 1 + sentence.length <= mostCharacters);
}

/** Each with the space before it. */
function wordsOf(sentence: string, before: string): readonly string[] {
  return sentence.split(" ").map((word, index) => (index === 0 ? before : " ") + word);
}

/** At times a finger slips, in one word. */
function slipIn(words: readonly string[], random: () => number): readonly string[] {
  if (random() >= 0.3) return words;
  const found = [...slips].find(([right]) => words.some((word) => word.includes(right)));
  return found === undefined ? words : words.map((word) => word.replace(...found));
}

function pick<Value>(values: readonly Value[], random: () => number): Value | undefined {
  return values[Math.floor(random() * values.length)];
}
