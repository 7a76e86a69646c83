import { appendCases } from "./suite/append-cases.ts";
import { checkpointCases } from "./suite/checkpoint-cases.ts";
import { eraseCases } from "./suite/erase-cases.ts";
import { caseMaker, type OpenLog, type SuiteCase } from "./suite/kit.ts";
import { outcomeCases } from "./suite/outcome-cases.ts";
import { readingCases } from "./suite/reading-cases.ts";
import { sizeCases } from "./suite/size-cases.ts";
import { trimCases } from "./suite/trim-cases.ts";

/** What every log must do. The cases know no test runner. */
export function logSuite(open: OpenLog): readonly SuiteCase[] {
  const test = caseMaker(open);
  return [appendCases, outcomeCases, readingCases, checkpointCases, trimCases, eraseCases, sizeCases].flatMap((cases) => cases(test));
}
