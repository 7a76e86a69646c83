/** So much content is enough for one pack: whoever reads one entry of it unpacks it all. */
export const packBytes = 262_144;

/** How many entries of these sizes, in order, make the next pack: `entries`, or fewer that have enough bytes; `undefined` when they are too few. Every log packs by it. */
export function packLength(sizes: readonly number[], entries: number): number | undefined {
  let bytes = 0;
  for (const [index, size] of sizes.entries()) {
    bytes += size;
    if (index + 1 === entries || bytes >= packBytes) return index + 1;
  }
  return undefined;
}
