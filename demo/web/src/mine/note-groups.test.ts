import type { LotNote, OwnStanding } from "nexios/auction";
import { expect, test } from "vitest";
import { groupNotes } from "./note-groups.ts";

function note(title: string, standing: OwnStanding): LotNote {
  return { lotId: `id-${title}`, title, currency: "EUR", standing, maximum: 100, price: 50, at: 0 };
}

test("what still runs stands in the order of its titles, whoever was noted last", () => {
  const { now, won, lost } = groupNotes([note("Clock", "outbid"), note("Vase", "won"), note("Bowl", "leading"), note("Map", "lost"), note("Album", "sealed")]);

  expect([now, won, lost].map((notes) => notes.map(({ title }) => title))).toEqual([["Album", "Bowl", "Clock"], ["Vase"], ["Map"]]);
});
