import { defineRoom, type } from "nexios/contract";

/** The one house there is: the parameter of `house`. */
export const houseName = "main";

/** Where somebody can be in the Saleroom. */
export const pages = ["lots", "lot", "mine", "rostrum", "desk", "inbox", "control", "chat", "about", "elsewhere"] as const;
export type Page = (typeof pages)[number];

/** Something that was said. */
export interface Line {
  readonly text: string;
  /** When the server got it, in milliseconds since 1970; 0 while that is only expected. */
  readonly at: number;
  readonly by: Speaker;
}

/** Who has said it. */
interface Speaker {
  readonly id: string;
  readonly name: string;
}

/** The newest of all that was said. */
export interface Talk {
  /** Of all lines, from the first one on: the last of `lines` has this number. */
  readonly count: number;
  /** The oldest of them first. */
  readonly lines: readonly Line[];
}

/** What people show of themselves; their names stand in their tokens. */
export interface Whereabouts {
  /** One of eight, from 0. */
  readonly colour: number;
  readonly page: Page;
}

/** How much a line may hold, and how many lines a person may say in a while. */
export const bounds = { characters: 500, shownLines: 100, lines: 20, withinMs: 10_000 };

/** The room that everybody in the house is in: what is said, and who is here. */
export const house = defineRoom("house/{house}", {
  log: "durable",
  entry: type<Line>(),
  state: type<Talk>(),
  calls: {
    say: {
      input: type<{ readonly text: string }>(),
      refusals: {
        EMPTY: type<undefined>(),
        TOO_LONG: type<{ readonly limit: number; readonly characters: number }>(),
        TOO_FAST: type<{ readonly lines: number; readonly withinMs: number; readonly waitMs: number }>(),
      },
    },
  },
  presence: type<Whereabouts>(),
}).fold({ count: 0, lines: [] }, ({ count, lines }, line) => ({ count: count + 1, lines: [...lines, line].slice(-bounds.shownLines) }));

export type House = typeof house;

/** What is wrong with a text, whoever says it and whenever. */
export type TextProblem = { readonly code: "EMPTY" } | { readonly code: "TOO_LONG"; readonly data: { readonly limit: number; readonly characters: number } };

/** A text as it is said: without what can't be seen, but for line breaks, and without space at its ends. */
export function toText(written: string): string {
  return written
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n]/gu, " ")
    .trim();
}

/** `undefined` for a text that can be said. */
export function judgeText(text: string): TextProblem | undefined {
  if (text === "") return { code: "EMPTY" };
  const characters = Array.from(text).length;
  return characters > bounds.characters ? { code: "TOO_LONG", data: { limit: bounds.characters, characters } } : undefined;
}
