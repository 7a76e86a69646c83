import { expect, test } from "vitest";
import { changeOf, meanOf, recentValues, toMeans } from "./recent-values.ts";

const facts = { metric: "requests", stat: "rate" } as const;

test("series of one metric are added up, and a moment without any has no value", () => {
  const columns = [
    { id: 1, ...facts, labels: { class: "2xx" }, values: [9, 1, null, null] },
    { id: 2, ...facts, labels: { class: "5xx" }, values: [9, 2, 3, null] },
    { id: 3, metric: "other", stat: "rate", labels: {}, values: [9, 9, 9, 9] } as const,
  ];

  expect(recentValues(columns, facts, 3)).toEqual([3, 3, null]);
  expect(recentValues(columns, { ...facts, labels: { class: "5xx" } }, 2)).toEqual([3, null]);
  expect(recentValues([], facts, 60)).toEqual([]);
});

test("a change is that of the newest values against the oldest", () => {
  const twice = [...Array.from({ length: 5 }, () => 2), 9, ...Array.from({ length: 5 }, () => 4)];

  expect(changeOf(twice)).toBe(1);
  expect(changeOf(Array.from({ length: 20 }, () => 0))).toBe(0);
  expect(changeOf([...Array.from({ length: 10 }, () => 0), 1])).toBeUndefined();
  expect(changeOf([1, 2, 3])).toBeUndefined();
  expect(changeOf(Array.from({ length: 20 }, () => null))).toBeUndefined();
});

test("a mean is of what is there", () => {
  expect(meanOf([1, null, 3])).toBe(2);
  expect(meanOf([null])).toBeUndefined();
});

test("what happens now and then is the mean of the last ones", () => {
  expect(toMeans([0, 3, 0, null, 3], 3)).toEqual([0, 1.5, 1, null, 1.5]);
  expect(toMeans([0, 3], 1)).toEqual([0, 3]);
});
