import { brokenVariants, firstCaught } from "../../nexios/src/simulation/broken-variants.fixture.ts";
import { Progress } from "../replay/progress.ts";

/** Which broken variants the seeds have shown. */
export interface VariantsSummary {
  readonly seeds: number;
  readonly of: number;
  readonly caught: number;
  /** The first seed that shows each; `null`: none does. */
  readonly variants: Readonly<Record<string, number | null>>;
}

/** Runs each variant that is broken on purpose, from seed 1, until a run shows that it is. */
export async function runBrokenVariants(seeds: number): Promise<VariantsSummary> {
  const progress = new Progress("simulate", brokenVariants.length);
  const variants: Record<string, number | null> = {};
  for (const [index, variant] of brokenVariants.entries()) {
    const caught = await firstCaught(variant, seeds);
    variants[variant.name] = caught?.seed ?? null;
    console.error(`${variant.name}: ${caught === undefined ? "not noticed" : `seed ${caught.seed}, ${caught.what}`}`);
    progress.show(index + 1, "");
  }
  return { seeds, of: brokenVariants.length, caught: Object.values(variants).filter((seed) => seed !== null).length, variants };
}
