import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

type Rgb = readonly [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

const tokens = readFileSync(join(import.meta.dirname, "../../demo/web/src/styles/tokens.css"), "utf8");

/** How colours look to whoever has no cones of one kind: Machado, Oliveira and Fernandes, 2009, severity 1. */
const sights: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** In both themes. */
function readToken(name: string): readonly [light: Rgb, dark: Rgb] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens);
  if (found === null) throw new TypeError(`There is no token --${name}`);
  return [toLinear(found[1] ?? ""), toLinear(found[2] ?? "")];
}

function toLinear(hex: string): Rgb {
  const part = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function apply(matrix: Matrix, [r, g, b]: Rgb): Rgb {
  const row = ([x, y, z]: Rgb): number => Math.max(0, x * r + y * g + z * b);
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** Ottosson's OKLab, in which a distance is about how different colours look. */
function toLab(rgb: Rgb): Rgb {
  const lms = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt) as unknown as Rgb;
  const [l, m, s] = lms;
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance(one: Rgb, other: Rgb): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [one, other].map(([r, g, blue]) => 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05) as [number, number];
  return Math.max(a, b) / Math.min(a, b);
}

const names = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `line-${number}`);

test.each([
  ["light", 0],
  ["dark", 1],
] as const)("in the %s theme each line is seen on its surface, 3 to 1 or more", (_theme, at) => {
  const surface = readToken("surface")[at];

  expect(names.filter((name) => contrast(readToken(name)[at], surface) < 3)).toEqual([]);
});

test.each(["light", "dark"].flatMap((theme, at) => Object.keys(sights).map((sight) => [theme, sight, at] as const)))(
  "in the %s theme any two lines are told apart with %s sight",
  (_theme, sight, at) => {
    const seen = names.map((name) => toLab(apply(sights[sight] as Matrix, readToken(name)[at === 0 ? 0 : 1])));
    const close = seen.flatMap((one, index) =>
      seen.slice(index + 1).flatMap((other, further) => (distance(one, other) < 0.08 ? [`${names[index]} and ${names[index + 1 + further]}`] : [])),
    );

    expect(close).toEqual([]);
  },
);
