/** The CSS colour of a person. */
export type ColourOf = (person: { readonly userId: string; readonly name: string }) => string;

/** A colour of one's own, the same wherever one is seen. */
export const hueOf: ColourOf = ({ userId }) => {
  const hash = Array.from(userId).reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
  return `oklch(0.52 0.15 ${hash % 360})`;
};
