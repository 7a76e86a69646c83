import type { Mark } from "../talk/reading.ts";
import type { ExpectedLine } from "../talk/talk-view.ts";
import type { NumberedLine } from "../talk/transcript.ts";

/** One row of the chat: a line, or the mark of where one had left. */
export type ChatRow = LineRowFacts | { readonly kind: "mark"; readonly count: number };

export interface LineRowFacts {
  readonly kind: "line";
  readonly line: NumberedLine | ExpectedLine;
  /** It goes on what the same person said just before: the name is not shown again. */
  readonly goesOn: boolean;
}

/** Said within so long, lines of one person stand together. */
const togetherMs = 180_000;

/** The rows of some lines; the mark stands before the first line that came while nobody looked. */
export function toRows(lines: readonly (NumberedLine | ExpectedLine)[], mark: Mark | undefined): readonly ChatRow[] {
  return lines.flatMap((line, index): readonly ChatRow[] => {
    const before = lines[index - 1];
    const isMarked = mark !== undefined && line.number === mark.after + 1;
    const goesOn = !isMarked && before !== undefined && before.by.id === line.by.id && isSoon(before.at, line.at);
    const row: ChatRow = { kind: "line", line, goesOn };
    return isMarked ? [{ kind: "mark", count: mark.upTo - mark.after }, row] : [row];
  });
}

/** A line that is only expected has no time yet: it comes now. */
function isSoon(before: number, after: number): boolean {
  return after === 0 || after - before < togetherMs;
}
