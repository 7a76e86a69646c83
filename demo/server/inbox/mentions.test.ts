import { expect, test } from "vitest";
import { authorAt, findMentions } from "./mentions.ts";

const people = [
  { userId: "a", name: "Ann" },
  { userId: "ab", name: "Ann Berg" },
  { userId: "h", name: "Amber Heron" },
  { userId: "h2", name: "amber heron" },
];

function named(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries([...findMentions(text, people)].map(([userId, mentions]) => [userId, mentions.length]));
}

test("somebody is named by an @ and the whole name, in upper or lower case", () => {
  expect(named("Ask @ann, or @Ann.\n@ANN")).toEqual({ a: 3 });
});

test("of names that begin alike the longest counts", () => {
  expect(named("@Ann Berg knows, @Ann Bergman does not")).toEqual({ ab: 1, a: 1 });
});

test("what only begins like a name, an address of mail and a name alone name nobody", () => {
  expect(named("@Anna me@ann.example Ann @ Ann")).toEqual({});
});

test("of people of one name all are named", () => {
  expect(named("@Amber Heron?")).toEqual({ h: 1, h2: 1 });
});

test("what is told of a mention is the line that it stands in", () => {
  expect(findMentions("One.\nWhat does @Ann say?\nThree.", people).get("a")).toEqual([{ at: 15, excerpt: "What does @Ann say?" }]);
});

test("a place belongs to whoever has written it", () => {
  const runs = [
    { text: "ab", userId: "x", name: "X" },
    { text: "c", userId: "y", name: "Y" },
  ];

  expect([0, 1, 2, 3].map((at) => authorAt(runs, at)?.userId)).toEqual(["x", "x", "y", undefined]);
});
