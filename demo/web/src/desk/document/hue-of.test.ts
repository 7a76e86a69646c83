import { expect, test } from "vitest";
import { type Hue, hues } from "../../identity/identity.ts";
import { freeHue, hueOfAbsent } from "./hue-of.ts";

test("somebody has the colour that he wants, if nobody has it yet", () => {
  expect(freeHue(2, new Set<Hue>([1, 3]))).toBe(2);
});

test("eight people have eight colours, whichever they want, and the ninth has the one that he wants", () => {
  for (const wanted of hues) {
    const taken = new Set<Hue>();
    for (let person = 0; person < hues.length; person++) taken.add(freeHue(wanted, taken));

    expect(taken.size).toBe(hues.length);
    expect(freeHue(wanted, taken)).toBe(wanted);
  }
});

test("the same person has the same colour wherever he is not", () => {
  expect(hueOfAbsent("dan")).toBe(hueOfAbsent("dan"));
});
