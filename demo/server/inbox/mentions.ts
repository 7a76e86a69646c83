/** Somebody who can be named. */
export interface Namesake {
  readonly userId: string;
  readonly name: string;
}

/** One place where somebody is named: by whom, and the line that it stands in. */
export interface Mention {
  readonly at: number;
  readonly excerpt: string;
}

/** Where each is named in a text, by user id: an `@` and the whole name. Of names that begin alike the longest counts. Upper and lower case are one. Pure. */
export function findMentions(text: string, people: readonly Namesake[]): ReadonlyMap<string, readonly Mention[]> {
  const found = new Map<string, Mention[]>();
  const longestFirst = people.filter(({ name }) => name !== "").toSorted((one, other) => other.name.length - one.name.length);
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    // Behind a letter it is an address of mail.
    if (isLetter(text.charAt(at - 1))) continue;
    const named = longestFirst.find(({ name }) => isNamed(text, at + 1, name));
    if (named === undefined) continue;
    const mention = { at, excerpt: lineAround(text, at) };
    const namesakes = people.filter(({ name }) => isSame(name, named.name));
    for (const userId of new Set(namesakes.map((person) => person.userId))) found.set(userId, [...(found.get(userId) ?? []), mention]);
  }
  return found;
}

function isNamed(text: string, from: number, name: string): boolean {
  return isSame(text.slice(from, from + name.length), name) && !isLetter(text.charAt(from + name.length));
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isLetter(character: string): boolean {
  return /^[\p{L}\p{N}\p{M}_]$/u.test(character);
}

function lineAround(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(text.lastIndexOf("\n", at) + 1, end === -1 ? undefined : end);
}

/** Who has written what stands at a place. Pure. */
export function authorAt(runs: readonly { readonly text: string; readonly userId: string; readonly name: string }[], at: number): Namesake | undefined {
  let end = 0;
  return runs.find(({ text }) => {
    end += text.length;
    return at < end;
  });
}
