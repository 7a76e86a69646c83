/** The end of a scale from 0 that has room for a value: 1, 2, 2.5 or 5 times a power of ten. Pure. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((each) => value <= each * power * 1.000_000_1) ?? 10;
  return step * power;
}

/** Where a chart's scale ends, which is not below `least`. A limit far above all values would press them flat: it is drawn when they come near. Pure. */
export function topOf(most: number | null, { least, limit }: { readonly least: number; readonly limit: number | undefined }): number {
  const top = Math.max(least, niceTop((most ?? 0) * 1.05));
  return limit !== undefined && top < limit && top >= limit / 3 ? niceTop(limit * 1.05) : top;
}
