const mark = "\u0001";
const nul = "\u0000";

/** A text as PostgreSQL takes it, which stores all of Unicode but U+0000. Order and prefixes stay what they are. */
export function toStoredText(text: string): string {
  return text.includes(nul) || text.includes(mark) ? text.replaceAll(mark, `${mark}1`).replaceAll(nul, `${mark}0`) : text;
}

/** The text that was stored. */
export function fromStoredText(stored: string): string {
  return stored.includes(mark) ? stored.replaceAll(`${mark}0`, nul).replaceAll(`${mark}1`, mark) : stored;
}
