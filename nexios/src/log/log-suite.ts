import { appendCases } from "./suite/append-cases.ts";
import { checkpointCases } from "./suite/checkpoint-cases.ts";
import { eraseCases } from "./suite/erase-cases.ts";
import { caseMaker, type OpenLog, type SuiteCase } from "./suite/kit.ts";
import { outcomeLimitCases } from "./suite/outcome-limit-cases.ts";
import { outcomeCases } from "./suite/outcome-cases.ts";
import { packCases } from "./suite/pack-cases.ts";
import { readingCases } from "./suite/reading-cases.ts";
import { sizeCases } from "./suite/size-cases.ts";
import { storableCases } from "./suite/storable-cases.ts";
import { trimCases } from "./suite/trim-cases.ts";

/** What every log must do. The cases know no test runner. */
export function logSuite(open: OpenLog): readonly SuiteCase[] {
  const test = caseMaker(open);
  const parts = [appendCases, storableCases, outcomeCases, outcomeLimitCases, readingCases, checkpointCases, trimCases, eraseCases, packCases, sizeCases];
  return parts.flatMap((cases) => cases(test));
}
