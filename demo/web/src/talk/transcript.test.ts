import { expect, test } from "vitest";
import type { Line } from "../../../rooms/house.ts";
import { append, meet, newestOf, prepend, type Transcript } from "./transcript.ts";

const empty: Transcript = { epoch: "", lines: [] };

function say(number: number): Line {
  return { text: `line ${number}`, at: number, by: { id: "ann", name: "Ann" } };
}

function from(first: number, last: number) {
  return Array.from({ length: last - first + 1 }, (_, index) => ({ ...say(first + index), number: first + index }));
}

function numbers({ lines }: Transcript): readonly number[] {
  return lines.map(({ number }) => number);
}

test("a first look at the room gives its newest lines their numbers", () => {
  const met = meet(empty, "e1", { count: 7, lines: [say(6), say(7)] });

  expect(numbers(met)).toEqual([6, 7]);
  expect(met.epoch).toBe("e1");
});

test("lines that come one by one go behind what is here, each once", () => {
  const met = meet(empty, "e1", { count: 2, lines: [say(1), say(2)] });

  const grown = append(met, [...from(2, 3), ...from(3, 4)]);

  expect(numbers(grown)).toEqual([1, 2, 3, 4]);
});

test("a line behind a hole is not taken", () => {
  const met = meet(empty, "e1", { count: 1, lines: [say(1)] });

  expect(append(met, from(3, 3))).toBe(met);
});

test("more lines than the room has at hand are kept, if they came one by one", () => {
  const met = append(meet(empty, "e1", { count: 1, lines: [say(1)] }), from(2, 250));

  const again = meet(met, "e1", { count: 250, lines: from(151, 250) });

  expect(again).toBe(met);
  expect([numbers(again)[0], newestOf(again)]).toEqual([1, 250]);
});

test("after a hole that nothing fills the transcript begins anew with what the room knows", () => {
  const met = meet(empty, "e1", { count: 5, lines: from(1, 5) });

  const jumped = meet(met, "e1", { count: 300, lines: from(201, 300) });

  expect([numbers(jumped)[0], newestOf(jumped)]).toEqual([201, 300]);
});

test("another log has another past: nothing of the old one stays", () => {
  const met = meet(empty, "e1", { count: 5, lines: from(1, 5) });

  const other = meet(met, "e2", { count: 6, lines: from(1, 6) });

  expect([other.epoch, other.lines]).toEqual(["e2", from(1, 6)]);
});

test("the first line of an empty log brings its epoch", () => {
  const met = append(meet(empty, "", { count: 0, lines: [] }), from(1, 1));

  expect(meet(met, "e1", { count: 1, lines: [say(1)] })).toEqual({ epoch: "e1", lines: from(1, 1) });
});

test("a page of the past goes before what is here, and one that does not touch it is of no use", () => {
  const met = meet(empty, "e1", { count: 10, lines: from(8, 10) });
  const page = (counts: readonly number[]) => ({ entries: counts.map((count) => ({ count, value: say(count) })) });

  expect(numbers(prepend(met, page([7, 6, 5])))).toEqual([5, 6, 7, 8, 9, 10]);
  expect(prepend(met, page([4, 3]))).toBe(met);
  expect(prepend(met, page([]))).toBe(met);
});

test("a talk that goes on and on does not fill the memory", () => {
  const met = meet(empty, "e1", { count: 1, lines: [say(1)] });

  const long = append(met, from(2, 2_500));

  expect([long.lines.length, newestOf(long)]).toEqual([1_000, 2_500]);
});
