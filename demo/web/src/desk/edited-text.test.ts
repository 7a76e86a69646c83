import { expect, test } from "vitest";
import { editedText } from "./edited-text.ts";
import { endedOf, inReadingOrder } from "./reading-order.ts";

const minuteMs = 60_000;

test("an edit's age is told in minutes, hours or days, and never from the future", () => {
  const ages = [-5_000, 59_000, minuteMs, 59 * minuteMs, 60 * minuteMs, 47 * 60 * minuteMs].map((age) => editedText(0, age));

  expect(ages).toEqual([
    "edited just now by",
    "edited just now by",
    "edited 1 minute ago by",
    "edited 59 minutes ago by",
    "edited 1 hour ago by",
    "edited 1 day ago by",
  ]);
});

test("the foreword comes first, then what is open, then what was over; what ends while it is read stays where it is", () => {
  const text = (number: number, isOpen: boolean) => ({ id: String(number), number, isOpen, title: "", characters: 0, count: 0 });

  const texts = [text(1, false), text(3, true), text(0, true), text(2, true)];
  const ended = endedOf(texts);
  const later = texts.map((one) => (one.number === 2 ? { ...one, isOpen: false } : one));

  expect(inReadingOrder(texts, ended).map(({ number }) => number)).toEqual([0, 2, 3, 1]);
  expect(inReadingOrder(later, ended).map(({ number }) => number)).toEqual([0, 2, 3, 1]);
});
