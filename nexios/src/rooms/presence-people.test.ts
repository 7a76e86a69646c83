import { expect, test } from "vitest";
import type { Shown } from "./presence-message.ts";
import { type Drop, People } from "./presence-people.ts";

function shown(id: string, at: number, process = "p"): Shown {
  return { process, id, userId: "ann", name: `Ann by ${id}`, at, state: new TextEncoder().encode(`${at}`) };
}

function peopleOf(...connections: readonly Shown[]): People {
  const people = new People();
  for (const connection of connections) people.put(connection, undefined);
  return people;
}

test("two connections are one person, for whom the one speaks whose state was set last", () => {
  const [first, second] = [shown("c1", 7), shown("c2", 5)];
  const people = peopleOf(first, second);
  const names = (): readonly string[] => people.list().map(({ name }) => name);

  const seen = [names()];
  const newer = shown("c2", 8);
  people.put(newer, second);
  seen.push(names());
  people.drop(newer, undefined);
  seen.push(names());

  expect(seen).toEqual([["Ann by c1"], ["Ann by c2"], ["Ann by c1"]]);
});

test("a change says who spoke before, who speaks now, and whether a connection came", () => {
  const [first, second] = [shown("c1", 7), shown("c2", 5)];
  const people = new People();

  const changes = [people.put(first, undefined), people.put(second, undefined), people.drop(first, undefined), people.drop(second, undefined)];

  expect(changes.map(({ before, after, hasCome }) => [before?.id, after?.id, hasCome])).toEqual([
    [undefined, "c1", true],
    ["c1", "c1", true],
    ["c1", "c2", false],
    ["c2", undefined, false],
  ]);
  expect(people.count).toBe(0);
});

test("between states of one moment the process's id decides, then the connection's, whatever came first", () => {
  const connections = [shown("c9", 5, "p"), shown("c1", 5, "q"), shown("c2", 5, "q")];

  const speakers = [connections, connections.toReversed()].map((order) => peopleOf(...order).shown("ann")?.id);

  expect(speakers).toEqual(["c2", "c2"]);
});

test.each<[string, Drop, Drop, string]>([
  ["the later", { process: "p", at: 9, reason: "left" }, { process: "q", at: 8, reason: "lost" }, "p"],
  ["that of the higher process at one moment", { process: "p", at: 8, reason: "left" }, { process: "q", at: 8, reason: "lost" }, "q"],
])("the last end of a person is %s, in either order", (_, first, second, expected) => {
  const orders = [
    [first, second],
    [second, first],
  ] as const;

  const last = orders.map((drops) => {
    const held = new Map(drops.map(({ process }) => [process, shown(process, 1, process)]));
    const people = peopleOf(...held.values());
    return drops.map((drop) => people.drop(held.get(drop.process) ?? shown("", 0), drop).lastDrop?.process).at(-1);
  });

  expect(last).toEqual([expected, expected]);
});
