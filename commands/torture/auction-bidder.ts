import type { LotEntry } from "nexios/auction";

/** Somebody in the crowd. */
export interface Bidder {
  readonly name: string;
  /** It is in the room, and knows where the lot stands. */
  readonly isHere: boolean;
  /** It has seen the end. */
  readonly isOver: boolean;
  /** Bids of which it was told nothing. */
  readonly open: number;
  /** How often it has sent a bid that it had sent before, as far as it knows. */
  readonly resent: number;
  /** What the next bid must reach, as far as it knows. */
  readonly minimum: number;
  /** Bids so much; false if it can't now. */
  bid(maximum: number): boolean;
  /** Gives up what was not answered, and writes down how its history ended. */
  end(): void;
}

/** An entry as it came, made out once for all in the process who get the same text. */
export interface Line {
  readonly count: number;
  readonly check: number;
  readonly epoch: string | undefined;
  /** Its content as it came. */
  readonly text: string;
  readonly content: LotEntry;
}

const mostLines = 4_000;
const content = `,"d":`;
const lines = new Map<string, Line>();

/** Reads one line of an entry. */
export function toLine(line: string): Line {
  const known = lines.get(line);
  if (known !== undefined) return known;
  const { c, k, g, d } = JSON.parse(line) as { readonly c: number; readonly k: number; readonly g?: string; readonly d: LotEntry };
  const made: Line = { count: c, check: k, epoch: g, text: line.slice(line.indexOf(content) + content.length, -1), content: d };
  if (lines.size > mostLines) lines.clear();
  lines.set(line, made);
  return made;
}
