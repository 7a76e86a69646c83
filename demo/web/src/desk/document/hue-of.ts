import { type Hue, hues } from "../../identity/identity.ts";

const degrees = [25, 70, 110, 155, 200, 240, 285, 335] as const;
/** From one colour to the next: so those that are given one after the other lie far apart. */
const step = 3;

/** The colour of somebody who is not in the house now: always the same. Pure. */
export function hueOfAbsent(userId: string): Hue {
  const sum = Array.from(userId).reduce((before, letter) => (Math.imul(before, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
  return hues[sum % hues.length] ?? 0;
}

/** The colour that somebody gets who wants one, beside those that have theirs: another one if it is taken, as long as any is free. Pure. */
export function freeHue(wanted: Hue, taken: ReadonlySet<Hue>): Hue {
  const inTurn = hues.map((_, turn) => hues[(wanted + turn * step) % hues.length] ?? wanted);
  return inTurn.find((hue) => !taken.has(hue)) ?? wanted;
}

/** A person's colour as CSS, as `parts.css` has it: for what stands in a shadow root. */
export function cssOf(hue: Hue): string {
  return `light-dark(oklch(0.52 0.15 ${degrees[hue]}), oklch(0.78 0.12 ${degrees[hue]}))`;
}
