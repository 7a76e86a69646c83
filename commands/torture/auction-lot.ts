import type { EnglishTerms } from "nexios/auction";
import { crc32 } from "node:zlib";

/** The one lot of a run. */
export const lotId = "stampede";
export const lotRoom = `auction/${lotId}`;
export const currency = "EUR";
/** Of every price. */
export const step = 100;

/** When the lot opens and ends unless it is extended; and how late a bid moves the end, by as much. */
export interface LotTimes {
  readonly opensAt: number;
  readonly closesAt: number;
  readonly windowMs: number;
}

/** An English lot with a soft close. */
export function termsOf({ opensAt, closesAt, windowMs }: LotTimes): EnglishTerms {
  return {
    kind: "english",
    title: "Stampede",
    about: "A lot that everybody wants",
    currency,
    opening: step,
    opensAt,
    closesAt,
    steps: [{ from: 0, step }],
    extension: { windowMs, byMs: windowMs },
  };
}

/** A history after one more entry: of two that differ in anything, in whatever place, the ends differ too. `text` is the entry as JSON, as it travels and as it is stored. */
export function hashAfter(before: number, count: number, text: string): number {
  return crc32(`${count} ${text}`, before);
}
