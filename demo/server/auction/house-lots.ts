import { ebaySteps, type LotKind, type SecretTerms, type Terms, tradeMeSteps } from "nexios/auction";
import { type Piece, pieces } from "./catalogue.ts";

/** The sale that everybody sees. */
export const saleId = "main";

/** What the house lists as its `number`th lot. */
export interface HouseLot {
  readonly lotId: string;
  readonly piece: Piece;
  readonly terms: Terms;
  readonly secret: SecretTerms;
}

const minuteMs = 60_000;
const housePattern = /^house-(\d+)$/;
/** Of six lots three are English. */
const kinds: readonly LotKind[] = ["english", "live", "english", "dutch", "english", "sealed"];

/** True for a lot of the house's own. */
export function isHouseLot(lotId: string): boolean {
  return housePattern.test(lotId);
}

/** The piece that a lot of the house is. */
export function pieceOf(lotId: string): Piece | undefined {
  const number = housePattern.exec(lotId)?.[1];
  return number === undefined ? undefined : pieceAt(Number(number));
}

/** The terms of the house's lots, one kind after the other, each closing a while after the one before. */
export function toHouseLot(number: number, opensAt: number, openMs: number): HouseLot {
  const piece = pieceAt(number);
  const { title, about, estimate } = piece;
  const common = { title, about, currency: "EUR", opensAt, sale: { id: saleId, number } };
  const closesAt = opensAt + openMs;
  const low = roundTo(estimate * 0.3, 5_00);
  switch (kinds[(number - 1) % kinds.length]) {
    case "live":
      return {
        lotId: `house-${number}`,
        piece,
        secret: { reserve: roundTo(estimate * 0.5, 5_00) },
        terms: { ...common, kind: "live", opening: low, steps: ebaySteps },
      };
    case "dutch": {
      const lowest = roundTo(estimate * 0.5, 5_00);
      const opening = roundTo(estimate * 2, 5_00);
      const everyMs = 5_000;
      const dropBy = Math.max(1_00, roundTo(((opening - lowest) * everyMs) / openMs, 1_00));
      return { lotId: `house-${number}`, piece, secret: {}, terms: { ...common, kind: "dutch", opening, lowest, dropBy, everyMs, closesAt } };
    }
    case "sealed":
      return {
        lotId: `house-${number}`,
        piece,
        secret: { reserve: roundTo(estimate * 0.6, 5_00) },
        terms: { ...common, kind: "sealed", opening: low, pays: "second", closesAt },
      };
    default: {
      const extension = { windowMs: minuteMs, byMs: minuteMs, most: 10 };
      const retraction = { allUntilMs: 12 * 60 * minuteMs, newestForMs: minuteMs };
      const steps = number % 4 === 1 ? ebaySteps : tradeMeSteps;
      return {
        lotId: `house-${number}`,
        piece,
        secret: { reserve: roundTo(estimate * 0.6, 5_00) },
        terms: { ...common, kind: "english", opening: low, steps, closesAt, extension, retraction, buyNow: roundTo(estimate * 2.5, 5_00) },
      };
    }
  }
}

function pieceAt(number: number): Piece {
  // There are pieces.
  return pieces[(number - 1) % pieces.length]!;
}

function roundTo(amount: number, unit: number): number {
  return Math.max(unit, Math.round(amount / unit) * unit);
}
