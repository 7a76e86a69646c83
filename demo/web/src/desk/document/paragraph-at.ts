/** The number of the paragraph in which a place of a text is, the first being 1: how many lines it takes is each window's own. Pure. */
export function paragraphAt(text: string, place: number): number {
  let paragraph = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) paragraph++;
  return paragraph;
}
