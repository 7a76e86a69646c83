import { expect, test } from "vitest";
import { PresenceBook } from "./presence-book.ts";

function bookOf(...steps: readonly ((book: PresenceBook) => void)[]): PresenceBook {
  const book = new PresenceBook();
  for (const step of steps) step(book);
  return book;
}

/** Ann on process 0 and bob on process 1, long ago. */
function coupleOf(): PresenceBook {
  return bookOf(
    (book) => book.tries("ann", { number: 1, process: 0 }, 0),
    (book) => book.came("ann", 10),
    (book) => book.tries("bob", { number: 1, process: 1 }, 0),
    (book) => book.came("bob", 10),
  );
}

test("who is in must be listed, and nobody else", () => {
  const book = coupleOf();

  const right = book.judge(
    new Map([
      ["ann", 1],
      ["bob", 1],
    ]),
    5_000,
  );
  book.mayBe("joe");
  const { wrong } = book.judge(
    new Map([
      ["ann", 2],
      ["eve", 1],
      ["joe", 1],
    ]),
    5_000,
  );

  expect(right).toEqual({ judged: 2, wrong: [] });
  expect(wrong.map(({ userId, what }) => `${userId} ${what}`)).toEqual([
    "ann is listed with life 2, and is here with 1",
    "bob is here (life 1), and is not listed",
    "eve is listed, and was never here",
  ]);
});

test("whose process was killed must be gone 6 s later, and may be either before", () => {
  const book = coupleOf();
  book.killed(0, 20_000);
  const list = new Map([
    ["ann", 1],
    ["bob", 1],
  ]);

  expect(book.judge(list, 25_900)).toEqual({ judged: 1, wrong: [] });
  expect(book.judge(list, 26_000)).toEqual({ judged: 2, wrong: [{ userId: "ann", what: "is listed (life 1), and is gone" }] });
});

test("who has come back by another process must be listed with the newer life", () => {
  const book = coupleOf();
  book.killed(0, 20_000);
  book.tries("ann", { number: 2, process: 1 }, 20_500);
  book.came("ann", 20_600);

  const { wrong } = book.judge(
    new Map([
      ["ann", 1],
      ["bob", 1],
    ]),
    26_000,
  );

  expect(wrong).toEqual([{ userId: "ann", what: "is listed with life 1, and is here with 2" }]);
});

test("who was cut off, or waits for the answer to a join, may be either", () => {
  const book = coupleOf();
  book.ended("ann", 20_000, "silent");
  book.tries("bob", { number: 2, process: 0 }, 20_000);

  expect(book.judge(new Map(), 30_000)).toEqual({ judged: 0, wrong: [] });
  expect(book.judge(new Map([["ann", 1]]), 65_000).wrong).toEqual([{ userId: "ann", what: "is listed (life 1), and is gone" }]);
});

test("whose connection has ended at both ends must be gone when a lost one is shown no more", () => {
  const book = coupleOf();
  book.ended("ann", 20_000, "closed");

  expect(book.judge(new Map([["bob", 1]]), 21_000).judged).toBe(1);
  expect(book.judge(new Map([["bob", 1]]), 32_000)).toEqual({ judged: 2, wrong: [] });
});

test("a kill does not say that one is gone whose former process may not have noticed the end of a cut line", () => {
  const book = coupleOf();
  book.ended("ann", 19_000, "closed");
  book.tries("ann", { number: 2, process: 1 }, 19_100);
  book.killed(1, 20_000);

  expect(book.judge(new Map([["ann", 1]]), 27_000).wrong).toEqual([]);
});

test("who was here around a moment may not have been let go then", () => {
  const book = coupleOf();
  book.killed(0, 20_000);

  expect([book.wasHere("ann", 10_000), book.wasHere("ann", 19_000), book.wasHere("ann", 1_000), book.wasHere("bob", 19_000)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
