import { appendCases } from "./suite/append-cases.ts";
import { checkpointCases } from "./suite/checkpoint-cases.ts";
import { caseMaker, type OpenLog, type SuiteCase } from "./suite/kit.ts";
import { outcomeCases } from "./suite/outcome-cases.ts";
import { readingCases } from "./suite/reading-cases.ts";

/** What every log must do. The cases know no test runner. */
export function logSuite(open: OpenLog): readonly SuiteCase[] {
  const test = caseMaker(open);
  return [...appendCases(test), ...outcomeCases(test), ...readingCases(test), ...checkpointCases(test)];
}
