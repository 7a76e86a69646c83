import { expect, test } from "vitest";
import { ClockRanges } from "./clock-ranges.ts";
import { createDraw } from "./draw.fixture.ts";

test.each([1, 2, 3, 4, 5, 6, 7, 8])("what is noted of stretches is what would be noted of each unit: the first word counts (draw %i)", (seed) => {
  const draw = createDraw(seed);
  const ranges = new ClockRanges<string>();
  const units = new Map<string, string>();

  for (let step = 0; step < 400; step++) {
    const [client, clock, length, value] = [draw(3), draw(80), draw(12), `v${draw(5)}`];
    ranges.add(client, clock, length, value);
    for (let at = clock; at < clock + length; at++) if (!units.has(`${client} ${at}`)) units.set(`${client} ${at}`, value);

    const [from, count] = [draw(100), draw(30)];
    const cut = [...ranges.cut(client, from, count)];
    expect(cut.flatMap(({ clock: start, length: long, value: known }) => Array.from({ length: long }, (_, index) => [start + index, known]))).toEqual(
      Array.from({ length: count }, (_, index) => [from + index, units.get(`${client} ${from + index}`)]),
    );
  }
});

test("stretches that are alike and touch are one", () => {
  const ranges = new ClockRanges<string>();
  for (let clock = 99; clock >= 0; clock--) ranges.add(1, clock, 1, "same");

  expect([...ranges.cut(1, 0, 100)]).toEqual([{ clock: 0, length: 100, value: "same" }]);
});
