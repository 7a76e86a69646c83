import { afterEach, expect, test } from "vitest";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { type } from "../contract/type.ts";
import { House } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

test("the room of rights is the framework's, whatever path a contract has", async () => {
  const process = await house.open({}, [roomAt("{kind}/{id}")]);
  const bob = house.connect(process, "bob");

  await house.join(bob, "nexios/rights");
  await house.join(bob, "other/rights");

  await expect(process.withdraw("eve")).resolves.toBeUndefined();
  expect([bob.of("failed").map(({ code }) => code), bob.of("joined").length]).toEqual([["FORBIDDEN"], 1]);
});

test.each([
  ["lot/{a}", "lot/{b}"],
  ["lot/{a}", "lot/new"],
  ["{kind}/new", "lot/{id}"],
])("rooms of the paths %j and %j are not served together: one name would be of both", async (first, second) => {
  const opening = house.open({}, [roomAt("other/{id}/notes"), roomAt(first), roomAt(second)]);

  await expect(opening).rejects.toThrow(new TypeError(`One name can be of two rooms: "${first}" and "${second}"`));
});

test("rooms whose paths differ in a text, or in their length, are served together", async () => {
  const process = await house.open({}, ["lot/{id}", "lot/{id}/notes", "{kind}/{id}/plans", "lots"].map(roomAt));

  const found = await Promise.all(["lot/1", "lot/1/notes", "lot/1/plans", "lots"].map((name) => process.call(name, { name: "add" })));

  expect(found.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "accepted", "accepted"]);
});

test.each(["nexios/rights", "nexios/{id}", "nexios"])("a contract of the path %j is refused: such names are the framework's", async (path) => {
  await expect(house.open({}, [roomAt(path)])).rejects.toThrow(
    new TypeError(`The path "${path}" is the framework's: names that begin with "nexios" are reserved`),
  );
});

function roomAt(path: string): HostedRoom {
  const contract = defineRoom(path, { log: "durable", entry: type<{ by: number }>(), state: type<number>(), calls: { add: {} } }).fold(
    0,
    (sum, { by }) => sum + by,
  );
  return hostRoom(contract.serve({ authorize: () => true, decide: { add: () => accept({ by: 1 }) } }));
}
