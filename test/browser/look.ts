import axe from "axe-core";
import { join } from "node:path";
import type { Person } from "./person.ts";

/** Rules of the page as it stands; the answer is a list of sentences, so that a failure says what and where. */
const findings = `(async () => {
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) => id + ": " + html.slice(0, 160) + " " + [...any, ...all, ...none][0]?.message));
})()`;

interface Witness {
  readonly shift: number;
  readonly moved: readonly string[];
  readonly violations: readonly string[];
}

/** Looks at a page in light and dark, and gives what is wrong with it: not accessible, wider than its window, loud on the console, or something has jumped. */
export async function lookAt({ page, complaints }: Person, state: string): Promise<readonly string[]> {
  const width = page.viewportSize()?.width ?? 0;
  const wrong: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    const where = `${state}, ${colorScheme}, ${width} px`;
    await page.emulateMedia({ colorScheme });
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
    wrong.push(...(await page.evaluate<string[]>(findings)).map((finding) => `${where}: ${finding}`));
    const scrollWidth = await page.evaluate<number>("document.documentElement.scrollWidth");
    if (scrollWidth > width) wrong.push(`${where}: ${scrollWidth} px wide`);
    if (process.env["NEXIOS_SHOTS"] !== undefined) await page.screenshot({ path: join(process.env["NEXIOS_SHOTS"], `${where.replaceAll(/[ ,]+/g, "-")}.png`) });
  }
  const { shift, moved, violations } = await page.evaluate<Witness>("witness");
  if (shift > 0) wrong.push(`${state}, ${width} px: jumped by ${shift}: ${moved.join(", ")}`);
  return [...wrong, ...violations, ...complaints];
}
