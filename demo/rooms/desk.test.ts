import { expect, test } from "vitest";
import { desk, type DeskText, listedTexts } from "./desk.ts";

function text(number: number, isOpen = true): DeskText {
  return { id: number === 0 ? "foreword" : `house-${number}`, number, title: `Lot ${number}`, isOpen, characters: 10, count: 2 };
}

function fold(texts: readonly DeskText[]): readonly DeskText[] {
  return texts.reduce((state, told) => desk.evolve(state, told), desk.initial());
}

test("texts stand by number, and what is told anew takes the place of what was told before", () => {
  const texts = fold([text(2), text(0), text(1), { ...text(2), characters: 99 }]);

  expect(texts.map(({ number, characters }) => [number, characters])).toEqual([
    [0, 10],
    [1, 10],
    [2, 99],
  ]);
});

test("of too many the oldest that are over leave; the foreword and what is open stay", () => {
  const over = Array.from({ length: listedTexts + 10 }, (_, index) => text(index + 2, false));

  const numbers = fold([text(0), text(1), ...over]).map(({ number }) => number);

  expect(numbers).toHaveLength(listedTexts);
  expect(numbers.slice(0, 3)).toEqual([0, 1, 14]);
});
