import { expect, test } from "vitest";
import { PresenceWorld } from "./presence.fixture.ts";

test("who comes by another process within the grace of one that has stopped was never away, and whoever does not come is gone after it, told by one server", async () => {
  const world = new PresenceWorld();
  const [a, b, c] = [await world.open("a"), await world.open("b"), await world.open("c")];
  a.put("ann");
  b.put("bob");
  for (const [id, userId] of [
    ["eve", "eve"],
    ["dan", "dan"],
    ["tab", "ann"],
  ] as const)
    c.put(id, userId);
  await world.pass(30_000);
  const before = [a.frames.length, b.frames.length];

  await c.stop();
  await c.broker.close();
  await world.pass(4_000);
  b.put("eve again", "eve");
  const here = a.here();
  await world.pass(2_000);

  expect(here).toBe("ann 1, bob 1, dan 1, eve 1");
  expect([a.here(), b.here()]).toEqual(["ann 1, bob 1, eve 1", "ann 1, bob 1, eve 1"]);
  expect([a.frames.slice(before[0]), b.frames.slice(before[1])]).toEqual([["-dan"], ["-dan"]]);
  expect(world.gone.filter((told) => !told.startsWith("c"))).toEqual(["a: dan process"]);
});

test("who has left for good by another process does not stay for one that has stopped", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  b.put("eve");
  await world.pass(30_000);

  await b.stop();
  await b.broker.close();
  await world.pass(1_000);
  a.put("eve again", "eve");
  await world.pass(1_000);
  a.presence.drop("eve again", "left");
  await world.pass();

  expect([a.here(), world.gone]).toEqual(["", ["a: eve left"]]);
});
