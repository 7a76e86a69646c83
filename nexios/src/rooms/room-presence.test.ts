import { expect, test } from "vitest";
import { PresenceWorld } from "./presence.fixture.ts";

test("two processes see the same list within 200 ms, and each join and leave once", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];

  a.put("ann");
  b.put("bob");
  await world.pass(200);
  const lists = [a.here(), b.here()];
  a.presence.drop("ann", "left");
  await world.pass(30_000);

  expect(lists).toEqual(["ann 1, bob 1", "ann 1, bob 1"]);
  expect([a.frames.join(), b.frames.join()]).toEqual(["+ann 1, +bob 1,-ann", "+bob 1, +ann 1,-ann"]);
  expect(world.gone).toEqual(["a: ann left"]);
});

test("a process that opens the room later gets everybody", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  for (let index = 0; index < 450; index++) a.put(`u${index}`);
  b.put("bob");

  const late = await world.open("c");

  expect(late.presence.view().count).toBe(451);
});

test("the changes of one turn are one frame", async () => {
  const world = new PresenceWorld();
  const a = await world.open("a");

  for (const userId of ["ann", "bob", "cleo"]) a.put(userId);
  a.put("ann", "ann", "2");
  a.presence.drop("bob", "left");
  await world.pass();

  expect(a.frames).toEqual(["+ann 2, +cleo 1"]);
});

test("a process that is killed vanishes from the room within 6 s, nobody else does, and one server is told", async () => {
  const world = new PresenceWorld();
  const [a, b, c] = [await world.open("a"), await world.open("b"), await world.open("c")];
  a.put("ann");
  b.put("bob");
  c.put("cleo");
  c.put("tab", "ann");
  await world.pass(30_000);

  await c.broker.close();
  await world.pass(6_000);

  expect([a.here(), b.here()]).toEqual(["ann 1, bob 1", "ann 1, bob 1"]);
  expect(a.frames.at(-1)).toBe("-cleo");
  expect(world.gone.filter((told) => !told.startsWith("c"))).toEqual(["a: cleo process"]);
});

test("a server that was to be told, and dies too, is followed by the next", async () => {
  const world = new PresenceWorld();
  const [a, b, c] = [await world.open("a"), await world.open("b"), await world.open("c")];
  a.put("ann");
  b.put("bob");
  c.put("cleo");
  await world.pass(1_000);

  await c.broker.close();
  await world.pass(900);
  await a.broker.close();
  await world.pass(6_000);

  expect(b.here()).toBe("bob 1");
  expect(world.gone.filter((told) => told.startsWith("b")).toSorted()).toEqual(["b: ann process", "b: cleo process"]);
});

test("a process that was taken for gone and beats again is asked, and its people are back", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  a.put("ann");
  b.put("bob");
  await world.pass(30_000);

  a.presence.processGone("b");
  await world.pass();
  const without = a.here();
  a.presence.processNew("b");
  await world.pass(100);

  expect([without, a.here()]).toEqual(["ann 1", "ann 1, bob 1"]);
});

test("two tabs are one person, who leaves with the last", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];

  a.put("tab1", "ann", "1");
  await world.pass();
  b.put("tab2", "ann", "2");
  await world.pass();
  b.presence.drop("tab2", "left");
  await world.pass();
  a.presence.drop("tab1", "left");
  await world.pass();

  expect([a.frames, b.frames]).toEqual(Array.from({ length: 2 }, () => ["+ann 1", "+ann 2", "+ann 1", "-ann"]));
  expect(world.gone).toEqual(["a: ann left"]);
});

test("of two last tabs that leave at the same moment on two processes one server is told", async () => {
  const world = new PresenceWorld();
  const [a, b, c] = [await world.open("a"), await world.open("b"), await world.open("c")];
  a.put("tab1", "ann");
  b.put("tab2", "ann");
  c.put("tab3", "ann");
  await world.pass();

  a.presence.drop("tab1", "left");
  b.presence.drop("tab2", "left");
  c.presence.drop("tab3", "left");
  await world.pass();

  expect(world.gone).toEqual(["c: ann left"]);
});

test.each(["a", "b"])("who was lost and is back within the grace, on process %s, neither leaves nor joins", async (where) => {
  const world = new PresenceWorld();
  const nodes = { a: await world.open("a"), b: await world.open("b") };
  nodes.a.put("old", "ann");
  await world.pass();

  nodes.a.presence.drop("old", "lost");
  await world.pass(4_900);
  (where === "a" ? nodes.a : nodes.b).put("new", "ann");
  await world.pass(10_000);

  expect([nodes.a.frames, nodes.b.frames, nodes.b.here()]).toEqual([["+ann 1"], ["+ann 1"], "ann 1"]);
  expect(world.gone).toEqual([]);
});

test("who was lost and does not come back leaves after the grace; what comes late of the connection is ignored", async () => {
  const world = new PresenceWorld();
  const a = await world.open("a");
  a.put("c1", "ann");

  a.presence.drop("c1", "lost");
  await world.pass(2_000);
  a.presence.drop("c1", "lost");
  a.put("c1", "ann", "2");
  a.put("c2", "bob");
  a.presence.drop("c2", "lost");
  await world.pass(2_999);
  const before = a.here();
  await world.pass(1);

  expect([before, a.here()]).toEqual(["ann 1, bob 1", "bob 1"]);
  expect(world.gone).toEqual(["a: ann lost"]);
});

test("who was lost, came back and left is not here", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  a.put("old", "ann");
  await world.pass();
  a.presence.drop("old", "lost");
  b.put("new", "ann");
  await world.pass();

  b.presence.drop("new", "left");
  await world.pass();

  expect([a.here(), b.here(), world.gone]).toEqual(["", "", ["b: ann left"]]);
});

test("a newer state wins, though the clock of the older one's process is ahead", async () => {
  const world = new PresenceWorld();
  const [ahead, b] = [await world.open("ahead", 60_000), await world.open("b")];
  ahead.put("old", "ann", "1");
  await world.pass();

  b.put("new", "ann", "2");
  await world.pass();

  expect([ahead.here(), b.here()]).toEqual(["ann 2", "ann 2"]);
});

test("above the listed size members get counts, at most one a second, and the whole list again at four fifths", async () => {
  const world = new PresenceWorld({ listedPeople: 10 });
  const [a, b] = [await world.open("a"), await world.open("b")];

  for (let index = 0; index < 11; index++) a.put(`u${index}`);
  await world.pass();
  for (let index = 11; index < 31; index++) {
    a.put(`u${index}`);
    await world.pass(100);
  }
  const view = b.presence.view();
  for (let index = 8; index < 31; index++) a.presence.drop(`u${index}`, "left");
  await world.pass(1_000);

  expect(b.frames).toEqual(["people ? of 11", "people ? of 21", "people ? of 31", "people u0 u1 u2 u3 u4 u5 u6 u7 of 8"]);
  expect(view).toEqual({ people: undefined, count: 31 });
});

test("in a room of 10,000 a change costs its own bytes, between processes and to members", async () => {
  const world = new PresenceWorld({ listedPeople: 20_000 });
  const [a, b] = [await world.open("a"), await world.open("b")];
  for (let index = 0; index < 10_000; index++) a.put(`u${index}`);
  await world.pass(60_000);
  const [sent, frames] = [a.sent.length, b.frames.length];

  a.put("u5000", "u5000", '{"x":1}');
  await world.pass();

  expect(b.presence.view().count).toBe(10_000);
  expect(a.sent.slice(sent).map((text) => text.length < 120)).toEqual([true]);
  expect(b.frames.slice(frames)).toEqual(['+u5000 {"x":1}']);
});

test("the same state again is told to nobody", async () => {
  const world = new PresenceWorld();
  const a = await world.open("a");
  a.put("c1", "ann", "1");
  await world.pass();
  const sent = a.sent.length;

  a.put("c1", "ann", "1");
  await world.pass();

  expect([a.sent.length, a.frames]).toEqual([sent, ["+ann 1"]]);
});

test.each(["no json", `"${"x".repeat(16_384)}"`])("a state that others would not take throws, and changes nothing", async (state) => {
  const world = new PresenceWorld();
  const a = await world.open("a");

  const put = (): void => a.put("c1", "ann", state);

  expect(put).toThrow(TypeError);
  expect(a.presence.view()).toEqual({ people: [], count: 0 });
});

test("after the close nothing is told, and no timer runs", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  a.put("ann");
  b.put("bob");
  await world.pass();
  a.presence.drop("ann", "lost");
  const [sent, frames] = [a.sent.length, a.frames.length];

  a.put("cleo");
  a.presence.close();
  a.put("dan");
  a.presence.askAll();
  a.presence.processGone("b");
  b.put("eve");
  await world.pass(60_000);

  expect(a.sent.slice(sent).filter((text) => !text.includes("cleo"))).toEqual([]);
  expect([a.frames.length, world.gone]).toEqual([frames, []]);
});
