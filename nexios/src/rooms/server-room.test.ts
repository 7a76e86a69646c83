import { afterEach, expect, test } from "vitest";
import { counter, House } from "./house.fixture.ts";
import { ServerRoom } from "./server-room.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

test("what the server does by itself has an author that no user can be", async () => {
  const process = await house.open();
  const room = new ServerRoom(counter, { id: "1" }, (use) => use(process));

  await room.call("add", { by: 1 });
  await room.call("add", { by: 1 }, { user: { id: "ann", name: "Ann" } });

  expect((await house.log.read("counter/1", 0, 9)).map(({ author }) => author)).toEqual(["nexios", "ann"]);
});

test.each(["nexios", "", "a\ud800b", "x".repeat(257)])(
  "a call or question for a user with the id %j is a mistake of the program, and is not made",
  async (id) => {
    const process = await house.open();
    const room = new ServerRoom(counter, { id: "1" }, (use) => use(process));
    const user = { id, name: "somebody" };

    await expect(room.call("add", { by: 1 }, { user })).rejects.toThrow(TypeError);
    await expect(room.ask("double", undefined, { user })).rejects.toThrow(TypeError);
    expect(await house.log.head("counter/1")).toBe(undefined);
  },
);
