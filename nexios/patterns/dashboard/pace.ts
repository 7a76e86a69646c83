/** How often a viewer's numbers change, and how long his window is. */
export interface Pace {
  readonly seconds: number;
  readonly steps: number;
}

/** Five minutes by the second, fifteen by five seconds, an hour by fifteen, a day by the minute. */
export const defaultPaces: readonly Pace[] = [
  { seconds: 1, steps: 300 },
  { seconds: 5, steps: 180 },
  { seconds: 15, steps: 240 },
  { seconds: 60, steps: 1_440 },
];

const mostSteps = 3_600;

/** @throws TypeError for paces that no sampler can keep */
export function checkPaces(paces: readonly Pace[]): void {
  const [first] = paces;
  if (first === undefined) throw new TypeError("A dashboard has one pace or more");
  for (const [index, { seconds, steps }] of paces.entries()) {
    if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds % first.seconds !== 0)
      throw new TypeError(`A pace is a whole multiple of the first one, in seconds, not ${seconds}`);
    if (index > 0 && seconds <= (paces[index - 1]?.seconds ?? 0)) throw new TypeError("Paces stand from the fastest to the slowest");
    if (!Number.isSafeInteger(steps) || steps < 2 || steps > mostSteps) throw new TypeError(`A window has 2 to ${mostSteps} steps, not ${steps}`);
  }
}
