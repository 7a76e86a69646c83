import { describeMisfit, type Misfit } from "../contract/output-checks.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import { report } from "../world/report.ts";

/** Who is behind a page that runs is better given what does not fit than nothing. */
export function reportMisfit({ contract }: ServedRoom, misfit: Misfit): void {
  report("error", { where: contract.path, error: new TypeError(describeMisfit(misfit)) });
}
