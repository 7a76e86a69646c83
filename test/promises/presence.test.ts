import { expect, test } from "vitest";
import { board, openBoards, Visitor, when } from "./board.ts";

test("an application is told once when a person is gone from a room, with the last of two tabs, and why", async () => {
  const gone: string[] = [];
  const told = Promise.withResolvers<void>();
  const onGone = (...of: readonly string[]): void => {
    gone.push(of.join(" "));
    if (gone.length === 2) told.resolve();
  };
  await using app = openBoards(undefined, { rooms: { onGone, limits: { presence: { graceMs: 1 } } } });
  const { url } = await app.listen({ port: 0 });
  await using watching = new Visitor(app, url, "bob");
  await using leaving = new Visitor(app, url, "cat", { limits: { lingerMs: 0 } });
  const [tab, other] = [new Visitor(app, url, "ann"), new Visitor(app, url, "ann")];
  const room = watching.client.join(board, { id: "1" });
  const rooms = [tab, other, leaving].map(({ client }) => client.join(board, { id: "1" }, { presence: { at: 1 } }));
  await when(room, () => room.peopleCount === 2);
  await Promise.all(rooms.map((each) => when(each, () => each.status.kind === "live")));

  await tab.client.close();
  rooms[2]?.leave();
  await when(room, () => room.peopleCount === 1);
  const afterOneTab = room.people.map(({ userId }) => userId);
  await other.client.close();
  await told.promise;

  expect([afterOneTab, gone]).toEqual([["ann"], ["board/1 cat left", "board/1 ann lost"]]);
});
