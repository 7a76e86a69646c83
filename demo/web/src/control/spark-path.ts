/** Into what a path is drawn. */
export interface SparkFrame {
  /** The newest value stands in the last of them. */
  readonly slots: number;
  readonly width: number;
  readonly height: number;
}

/** A line through values, as the `d` of a path; where there is none, it ends and begins anew. Pure. */
export function toPath(values: readonly (number | null)[], { slots, width, height }: SparkFrame): string {
  const there = values.filter((value) => value !== null);
  const high = Math.max(0, ...there);
  // A scale that fits the values closely would make a mountain of a grain: it spans at least half of the highest.
  const low = Math.max(0, Math.min(high / 2, ...there));
  const span = high - low || 1;
  let isDown = false;
  return values
    .map((value, at) => {
      if (value === null) {
        isDown = false;
        return "";
      }
      const x = ((slots - values.length + at) / (slots - 1)) * width;
      const y = height - ((value - low) / span) * height;
      const step = `${isDown ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      // A value between two gaps is a dot.
      const isAlone = !isDown && (values[at + 1] ?? null) === null;
      isDown = true;
      return isAlone ? `${step}h0.1` : step;
    })
    .join("");
}
