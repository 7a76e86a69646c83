/** What has grown beyond the largest number stays there: an infinite one has no form in JSON, and nobody would take a reading that holds it. */
export function toFinite(sum: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(sum, Number.MAX_VALUE));
}
