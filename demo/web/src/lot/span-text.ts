/** 5 s, 1 min, 90 s, 12 h: a span of time in the largest unit that it is a whole number of. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds === 0 || seconds % 60 !== 0) return `${ms < 1_000 && ms > 0 ? ms / 1_000 : seconds} s`;
  const minutes = seconds / 60;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
