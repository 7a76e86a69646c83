import diff from "fast-diff";

/** What of a text stays, goes, or comes, in order. */
export type Difference = readonly [kind: "keep" | "delete" | "insert", text: string];

/** So many different words can stand for one letter each. */
const mostWords = 50_000;
const firstLetter = 0x20;
const kinds = new Map<number, Difference[0]>([
  [diff.EQUAL, "keep"],
  [diff.DELETE, "delete"],
  [diff.INSERT, "insert"],
]);

/** How a text becomes another one, word by word: a word that is in both stays whole, and no letter of another word stands in for one of its own. */
export function findDifferences(from: string, to: string): readonly Difference[] {
  const letters = new Map<string, string>();
  const [a, b] = [from, to].map((text) =>
    wordsOf(text)
      .map((word) => letterOf(letters, word))
      .join(""),
  ) as [string, string];
  if (letters.size > mostWords) return diff(from, to).map(([kind, text]) => [kinds.get(kind) ?? "keep", text]);
  const words = new Map([...letters].map(([word, letter]) => [letter, word]));
  return diff(a, b).map(([kind, text]) => [
    kinds.get(kind) ?? "keep",
    Array.from({ length: text.length }, (_, index) => words.get(text.charAt(index)) ?? "").join(""),
  ]);
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
