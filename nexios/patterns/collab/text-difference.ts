import diff from "fast-diff";

/** What of a text stays, goes, or comes, in order. */
export type Difference = readonly [kind: "keep" | "delete" | "insert", text: string];

/** Characters of both texts that are compared by words; what is longer is compared by lines. */
const mostByWords = 200_000;
/** What one comparison may cost: pairs of words. Past it what is left is replaced whole. */
const mostPairs = 1_000_000;
/** So many words can stand for one letter each. */
const mostLetters = 50_000;
const firstLetter = 0x20;
const kinds = new Map<number, Difference[0]>([
  [diff.EQUAL, "keep"],
  [diff.DELETE, "delete"],
  [diff.INSERT, "insert"],
]);

/**
 * How a text becomes another one: a word that is in both stays whole, and no letter of another word stands in for one of its own. What is alike at the ends stays, then lines
 * that both have once, and between them words that both have once, and what is left is compared word by word as long as that costs little.
 */
export function findDifferences(from: string, to: string): readonly Difference[] {
  const budget = { pairs: mostPairs };
  const byWords: Compare = (a, b) => compareTokens(a, b, wordsOf, (c, d) => compareShort(c, d, budget));
  const byLines: Compare = (a, b) => betweenEnds(a, b, (c, d) => (c.length + d.length > mostByWords ? replace(c, d) : byWords(c, d)));
  return unite(compareTokens(from, to, linesOf, byLines));
}

type Compare = (from: string, to: string) => readonly Difference[];

/** What is alike at the ends stays, up to a gap between words. */
function betweenEnds(from: string, to: string, compare: Compare): readonly Difference[] {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  start = start === 0 ? 0 : from.lastIndexOf(" ", start - 1) + 1;
  let end = 0;
  while (end < shorter - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) end++;
  const gap = from.indexOf(" ", from.length - end);
  end = gap === -1 ? 0 : from.length - gap;
  return [
    ["keep", from.slice(0, start)],
    ...compare(from.slice(start, from.length - end), to.slice(start, to.length - end)),
    ["keep", from.slice(from.length - end)],
  ];
}

/** What is alike at the ends stays, and what both have once, in the same order; `compare` looks into what is between. */
function compareTokens(from: string, to: string, cut: (text: string) => readonly string[], compare: Compare): readonly Difference[] {
  const [a, b] = [cut(from), cut(to)];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const found: Difference[] = [["keep", a.slice(0, start).join("")]];
  let [inA, inB] = [start, start];
  const until = (atA: number, atB: number): void => {
    const [gone, come] = [a.slice(inA, atA).join(""), b.slice(inB, atB).join("")];
    if (gone === "" || come === "") found.push(...replace(gone, come));
    else found.push(...compare(gone, come));
  };
  for (const [atA, atB] of commonOnce(a.slice(start, a.length - end), b.slice(start, b.length - end))) {
    until(start + atA, start + atB);
    found.push(["keep", a[start + atA] ?? ""]);
    [inA, inB] = [start + atA + 1, start + atB + 1];
  }
  until(a.length - end, b.length - end);
  found.push(["keep", a.slice(a.length - end).join("")]);
  return found;
}

/** Places of tokens that are once in each, as many as have the same order in both: patience sorting (Mallows, Patience Sorting, 1963; as a comparison by Cohen). */
function commonOnce(a: readonly string[], b: readonly string[]): readonly (readonly [atA: number, atB: number])[] {
  const [onceA, onceB] = [placesOfSingles(a), placesOfSingles(b)];
  const pairs = [...onceA].flatMap(([token, atA]) => {
    const atB = onceB.get(token);
    return atA === undefined || atB === undefined ? [] : [{ atA, atB, before: -1 }];
  });
  /** The pair that ends the best row of each length, by its place among the pairs. */
  const ends: number[] = [];
  for (const [index, pair] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs[ends[middle] ?? -1]?.atB ?? Infinity) < pair.atB) low = middle + 1;
      else high = middle;
    }
    pair.before = ends[low - 1] ?? -1;
    ends[low] = index;
  }
  const row: (readonly [number, number])[] = [];
  for (let pair = pairs[ends.at(-1) ?? -1]; pair !== undefined; pair = pairs[pair.before]) row.push([pair.atA, pair.atB]);
  return row.toReversed();
}

function placesOfSingles(tokens: readonly string[]): ReadonlyMap<string, number | undefined> {
  const places = new Map<string, number | undefined>();
  for (const [at, token] of tokens.entries()) places.set(token, places.has(token) ? undefined : at);
  return places;
}

/** Word by word, with a letter for each. */
function compareShort(from: string, to: string, budget: { pairs: number }): readonly Difference[] {
  const [a, b] = [wordsOf(from), wordsOf(to)];
  budget.pairs -= a.length * b.length;
  if (budget.pairs < 0 || a.length + b.length > mostLetters) return replace(from, to);
  const letters = new Map<string, string>();
  const [lettersA, lettersB] = [a, b].map((words) => words.map((word) => letterOf(letters, word)).join("")) as [string, string];
  const words = new Map([...letters].map(([word, letter]) => [letter, word]));
  return diff(lettersA, lettersB).map(([kind, text]) => [
    kinds.get(kind) ?? "keep",
    Array.from({ length: text.length }, (_, index) => words.get(text.charAt(index)) ?? "").join(""),
  ]);
}

function replace(from: string, to: string): readonly Difference[] {
  return [
    ["delete", from],
    ["insert", to],
  ];
}

function unite(differences: readonly Difference[]): readonly Difference[] {
  const united: Difference[] = [];
  for (const [kind, text] of differences) {
    const last = united.at(-1);
    if (text === "") continue;
    if (last?.[0] === kind) united[united.length - 1] = [kind, last[1] + text];
    else united.push([kind, text]);
  }
  return united;
}

function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gsu) ?? [];
}

/** A letter of its own for each word; none of the halves of a surrogate pair, which would be kept together. */
function letterOf(letters: Map<string, string>, word: string): string {
  const known = letters.get(word);
  if (known !== undefined) return known;
  const code = firstLetter + letters.size;
  const letter = String.fromCharCode(code < 0xd800 ? code : code + 0x800);
  letters.set(word, letter);
  return letter;
}
