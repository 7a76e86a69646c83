import { deskWords } from "../messages/en-desk.ts";

const { edited: words } = deskWords;

/** How long ago somebody has edited it, in words that change seldom. Pure. */
export function editedText(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return words.now;
  if (minutes < 60) return words.minutes(minutes);
  return minutes < 24 * 60 ? words.hours(Math.floor(minutes / 60)) : words.days(Math.floor(minutes / 1_440));
}
