import { forewordId } from "../../rooms/desk.ts";

const ofLots: readonly string[] = [
  "Seen by daylight, on all sides.",
  "The measurements were taken twice.",
  "An old label underneath, hard to read.",
  "Nothing was added to please.",
  "Small marks of use, none of them new.",
  "Best looked at in person before the sale.",
  "Kept dry, and out of the sun.",
  "Somebody careful has owned it before.",
  "Photographs of the underside can be had on request.",
  "It travels well in its original box.",
];

const ofForeword: readonly string[] = [
  "Doors open an hour before the first lot.",
  "Whoever comes early sees most.",
  "Every piece may be held, with clean hands.",
  "Questions are answered on the day of the sale.",
  "What is found out late is announced before the bidding.",
  "Measurements are given in whole centimetres.",
];

/** How the robot's fingers slip, each by the word that was meant. None is longer than that. */
export const slips: ReadonlyMap<string, string> = new Map([
  ["daylight", "dayligth"],
  ["measurements", "measurments"],
  ["underneath", "undernaeth"],
  ["careful", "cafreul"],
  ["original", "orignal"],
  ["answered", "anwsered"],
  ["announced", "anounced"],
  ["before", "befroe"],
]);

/** What the robot has to say in a document. */
export function sentencesFor(id: string): readonly string[] {
  return id === forewordId ? ofForeword : ofLots;
}
