import { type Hue, hues } from "../../identity/identity.ts";

const degrees = [25, 70, 110, 155, 200, 240, 285, 335] as const;

/** The colour of somebody who is not in the house now: always the same. Pure. */
export function hueOfAbsent(userId: string): Hue {
  const sum = Array.from(userId).reduce((before, letter) => (Math.imul(before, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
  return hues[sum % hues.length] ?? 0;
}

/** A person's colour as CSS, as `parts.css` has it: for what stands in a shadow root. */
export function cssOf(hue: Hue): string {
  return `light-dark(oklch(0.52 0.15 ${degrees[hue]}), oklch(0.78 0.12 ${degrees[hue]}))`;
}
