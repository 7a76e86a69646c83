import type { TextProblem } from "../../../rooms/house.ts";
import { formatCount } from "../control/format.ts";
import { en } from "../messages/en.ts";
import type { SayProblem } from "../talk/talk-view.ts";

const { problems } = en.chat;

/** Why a line is not taken, in words, with the way out. */
export function toWords(problem: SayProblem | TextProblem): string {
  if ("kind" in problem && problem.kind === "failed") return toFailure(problem.code);
  switch (problem.code) {
    case "EMPTY":
      return problems.empty;
    case "TOO_LONG":
      return problems.tooLong(formatCount(problem.data.limit), formatCount(problem.data.characters));
    case "TOO_FAST": {
      const { lines, withinMs, waitMs } = problem.data;
      return problems.tooFast(formatCount(lines), formatCount(withinMs / 1_000), formatCount(Math.ceil(waitMs / 1_000)));
    }
  }
}

function toFailure(code: string): string {
  switch (code) {
    case "UNKNOWN_OUTCOME":
      return problems.unknown;
    case "UNAVAILABLE":
      return problems.late;
    case "LIMIT":
      return problems.full;
    default:
      return problems.failed(code);
  }
}
