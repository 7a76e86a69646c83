/** Somebody in a document, as the others see him. */
export interface Shown {
  readonly userId: string;
  readonly name: string;
  readonly state: { readonly cursor?: unknown; readonly isIdle?: boolean };
}

/** The names of those who have a caret in the text and have moved it lately, each person once. Pure. */
export function writersOf(people: readonly Shown[]): readonly string[] {
  const writers = new Map(people.filter(({ state }) => state.cursor !== undefined && state.isIdle !== true).map(({ userId, name }) => [userId, name]));
  return [...writers.values()];
}
