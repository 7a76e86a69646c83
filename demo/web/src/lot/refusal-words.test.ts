import { expect, test } from "vitest";
import { type BidRefusal, toRefusalWords } from "./refusal-words.ts";

const next = { minimum: 125_00, currency: "EUR" };

/** A refusal as the house sends it. */
function refusal(code: BidRefusal["code"], data?: object): BidRefusal {
  return { kind: "refused", code, data } as BidRefusal;
}

test.for([
  ["BID_TOO_LOW", next, "Bid at least €125.00.", 125_00],
  ["EQUAL_MAXIMUM", next, "Somebody has bid the same before you. Bid at least €125.00.", 125_00],
  ["NOT_A_RAISE", { ...next, maximum: 150_00, minimum: 150_01 }, "Your maximum is €150.00 already. To raise it, bid at least €150.01.", 150_01],
  ["LIMIT_REACHED", { ...next, limit: 500_00, available: 0 }, "That is more than you have free: €0.00 of €500.00.", undefined],
  ["INVALID_AMOUNT", { ...next, fault: "NOT_A_MULTIPLE", unit: 5_00 }, "Bids are whole multiples of €5.00.", undefined],
  ["WRONG_CURRENCY", next, "This lot is sold in EUR.", undefined],
  ["CLOSED", { closesAt: 0 }, "Too late: the lot is over. Your bid does not count.", undefined],
  ["SELLER", undefined, "This is your own lot: you can’t bid on it.", undefined],
] as const)("%s is said in words, with the least that would be taken", ([code, data, text, minimum]) => {
  expect(toRefusalWords(refusal(code, data), "EUR")).toEqual({ text, ...(minimum !== undefined && { minimum }) });
});
