import type { Line, Talk } from "../../../rooms/house.ts";

/** A line with its place among all that were said, from 1. */
export interface NumberedLine extends Line {
  readonly number: number;
}

/** What this tab has of what was said: without a hole, up to the newest that it knows. */
export interface Transcript {
  /** Of the log that the lines are from; empty before there is one. */
  readonly epoch: string;
  /** The oldest first. */
  readonly lines: readonly NumberedLine[];
}

/** A page of the past. */
interface Page {
  /** Newest first. */
  readonly entries: readonly { readonly count: number; readonly value: Line }[];
}

/** So many lines are kept of a talk that goes on and on; the older can be asked for again. */
const kept = { most: 2_000, least: 1_000 };

/** The number of the newest line, whether or not there is one. */
export function newestOf({ lines }: Transcript): number {
  return lines.at(-1)?.number ?? 0;
}

/** What comes one by one goes behind what is here; what does not follow is for `meet` to mend. */
export function append(transcript: Transcript, lines: readonly NumberedLine[]): Transcript {
  const following: NumberedLine[] = [];
  let newest = newestOf(transcript);
  for (const line of lines) {
    if (line.number !== newest + 1) continue;
    following.push(line);
    newest++;
  }
  if (following.length === 0) return transcript;
  const all = [...transcript.lines, ...following];
  return { ...transcript, lines: all.length > kept.most ? all.slice(-kept.least) : all };
}

/** Brings a transcript to where the room stands: on from what is here if that is one whole, else anew from what the room knows. */
export function meet(transcript: Transcript, epoch: string, { count, lines }: Talk): Transcript {
  const numbered = lines.map((line, index) => ({ ...line, number: count - lines.length + 1 + index }));
  const newest = newestOf(transcript);
  const isSamePast = transcript.epoch === epoch || transcript.lines.length === 0;
  if (!isSamePast || newest > count || count - newest > lines.length) return { epoch, lines: numbered };
  return append(transcript.epoch === epoch ? transcript : { ...transcript, epoch }, numbered);
}

/** Puts a page of the past before what is here; one that does not touch it is of no use any more. */
export function prepend(transcript: Transcript, { entries }: Page): Transcript {
  const oldest = transcript.lines[0]?.number ?? 1;
  const before = entries.filter(({ count }) => count < oldest).map(({ count, value }) => ({ ...value, number: count }));
  if (before[0]?.number !== oldest - 1) return transcript;
  return { ...transcript, lines: [...before.toReversed(), ...transcript.lines] };
}
