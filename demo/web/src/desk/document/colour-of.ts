import { hues } from "../../identity/identity.ts";

/** The place of a person in the eight colours of people. */
export function hueOf(userId: string): number {
  return Array.from(userId).reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7) % hues.length;
}

/** The CSS colour of a person's caret. */
export function colourOf({ userId }: { readonly userId: string }): string {
  const degrees = [25, 70, 110, 155, 200, 240, 285, 335][hueOf(userId)] ?? 25;
  return `light-dark(oklch(0.52 0.15 ${degrees}), oklch(0.78 0.12 ${degrees}))`;
}
