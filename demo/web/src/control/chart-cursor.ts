/** The value under a place of the plot, 0 at its left edge and 1 at its right; a short series begins further right. */
export function toIndex(ratio: number, count: number, slots: number): number {
  return clamp(Math.round(ratio * (slots - 1)) - (slots - count), count);
}

/** The value of a second, in the server's time; the oldest if that second has left the window. */
export function toIndexOfSecond(at: number, newestAt: number, count: number): number {
  return clamp(count - 1 - Math.round((newestAt - at) / 1_000), count);
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}
