import { createClient } from "nexios/client";
import { ManualClock } from "nexios/testing";
import { expect, test } from "vitest";
import { browserWorld } from "../../nexios/src/client/browser-world.ts";
import { calm } from "../wire/calm-load.ts";
import { board, createKeeper, notesOf, notesTo, openBoards, pinAll, Visitor, when } from "./board.ts";
import { connectTo } from "./in-memory.ts";

test("a resume is authorised like a first join: who may not any more gets nothing of what was missed", async () => {
  const keeper = createKeeper();
  await using app = openBoards(keeper);
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const room = ann.client.join(board, { id: "1" });
  await pinAll(app, "1", ["seen"]);
  await notesOf(room, 1);
  const got: string[] = [];
  ann.onRead = (message) => got.push(message);

  await ann.away(async () => {
    keeper.banned.add("ann");
    await pinAll(app, "1", ["hidden"]);
  });
  await when(room, () => room.status.kind === "refused");

  expect([room.status.code, room.state, ann.opened]).toEqual(["FORBIDDEN", undefined, 2]);
  expect(got.join()).not.toContain("hidden");
});

test("a client whose token ran out is closed with 4501, fetches another, and has exactly what it missed", async () => {
  const clock = new ManualClock();
  await using app = openBoards(undefined, { clock, load: calm });
  let hasTokens = true;
  const endings: number[] = [];
  const token = (): Promise<string> => (hasTokens ? app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 10 }) : Promise.reject(new Error("no tokens now")));
  const connect = connectTo(app, (code) => endings.push(code));
  await using client = createClient({ url: "ws://server/realtime", token, world: { ...browserWorld, clock, random: () => 0.5, connect } });
  const room = client.join(board, { id: "1" });
  await pass(clock, () => room.status.kind === "live");

  hasTokens = false;
  await pass(clock, () => endings.length > 0);
  await pinAll(app, "1", notesTo(3));
  hasTokens = true;
  await pass(clock, () => room.state?.length === 3);

  expect(endings[0]).toBe(4501);
  expect([room.state, room.lastResume?.from?.count, room.lastResume?.why]).toEqual([notesTo(3), 0, undefined]);
});

/** Time goes on until it is so, and no faster than the real work that has to be done in it. */
async function pass(clock: ManualClock, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await clock.advance(10);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
