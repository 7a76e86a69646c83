import { defineRoom, type } from "nexios/contract";

/** The one desk there is: the parameter of `desk`. */
export const deskName = "main";
/** The document of the sale's foreword; those of lots have the lots' ids. */
export const forewordId = "foreword";

/** A text of the catalogue as the list shows it. */
export interface DeskText {
  /** Of its document. */
  readonly id: string;
  /** The lot's; 0 for the foreword. */
  readonly number: number;
  readonly title: string;
  /** False once its lot is over: it is only read then. */
  readonly isOpen: boolean;
  readonly characters: number;
  /** The last edit; absent before the first. */
  readonly edited?: { readonly at: number; readonly by: string };
  /** Up to which entry of the document this tells. */
  readonly count: number;
}

/** How many texts are listed; those of lots that are over leave first. */
export const listedTexts = 50;

/** The catalogue's texts: `desk/{deskId}`. Whoever reads the list need not join each document. */
export const desk = defineRoom("desk/{deskId}", {
  log: "durable",
  entry: type<DeskText>(),
  state: type<readonly DeskText[]>(),
  calls: {
    /** The server's own: how a text stands now. */
    tell: { input: type<DeskText>(), refusals: { FORBIDDEN: type<undefined>() } },
  },
}).fold([], (texts, told) => listed([...texts.filter(({ id }) => id !== told.id), told]));

/** What is listed of all these, by number: the foreword, what is open, the newest of what is over. Pure. */
export function listed<Text extends Pick<DeskText, "number" | "isOpen">>(texts: readonly Text[]): readonly Text[] {
  const byWeight = texts.toSorted((one, other) => weigh(other) - weigh(one) || other.number - one.number);
  return byWeight.slice(0, listedTexts).toSorted((one, other) => one.number - other.number);
}

function weigh({ number, isOpen }: Pick<DeskText, "number" | "isOpen">): number {
  return number === 0 ? 2 : Number(isOpen);
}
