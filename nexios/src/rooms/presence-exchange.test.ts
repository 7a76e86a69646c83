import fc from "fast-check";
import { expect, test } from "vitest";
import { PresenceWorld } from "./presence.fixture.ts";

const encoder = new TextEncoder();

test.each(["put", "list", "drop"])("a lost %s is healed by the digest", async (kind) => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  a.put("ann");
  a.put("bob");
  await world.pass(30_000);
  if (kind === "list") for (const userId of ["ann", "bob"]) a.presence.drop(userId, "left");
  await world.pass(30_000);
  const before = b.here();

  world.loses = (message) => message.startsWith(`["${kind}"`);
  if (kind === "drop") a.presence.drop("bob", "left");
  else a.put("cleo");
  await world.pass();
  world.loses = () => false;
  const missed = b.here();
  await world.pass(1_100);

  expect(missed).toBe(before);
  expect(b.here()).toBe(a.here());
  expect(b.frames.at(-1)).toBe(kind === "drop" ? "-bob" : "+cleo 1");
});

test.each(["ask", "list"])("a room that opens gets everybody although its %s is lost", async (kind) => {
  const world = new PresenceWorld();
  const a = await world.open("a");
  a.put("ann");
  await world.pass(30_000);

  world.loses = (message) => message.startsWith(`["${kind}"`);
  const b = await world.open("b");
  world.loses = () => false;
  const missed = b.here();
  await world.pass(1_100);

  expect([missed, b.here()]).toEqual(["", "ann 1"]);
});

test("a process of which something is missed is asked once a second at most, until it answers", async () => {
  const world = new PresenceWorld({ digestAfterMs: [] });
  const [a, b] = [await world.open("a"), await world.open("b")];
  a.put("ann");
  await world.pass(2_000);
  const asks = (): number => b.sent.filter((message) => message === '["ask","b",["a"]]').length;

  world.loses = (message) => message.includes("bob") || message.startsWith('["list"');
  a.put("bob");
  for (let count = 0; count < 29; count++) {
    a.put("cleo", "cleo", `${count}`);
    await world.pass(100);
  }
  const whileMissing = asks();
  world.loses = () => false;
  await world.pass(10_000);

  expect([whileMissing, asks(), b.here()]).toEqual([3, 4, a.here()]);
});

test("asks that come together get one answer", async () => {
  const world = new PresenceWorld();
  const [a, b, c] = [await world.open("a"), await world.open("b"), await world.open("c")];
  a.put("ann");
  await world.pass(30_000);
  const sent = a.sent.length;

  b.presence.askAll();
  c.presence.askAll();
  await world.pass(100);

  expect(a.sent.slice(sent).filter((message) => message.startsWith('["list"'))).toHaveLength(1);
});

test("what happened while the broker was away is known when all are asked after it", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  a.put("ann");
  b.put("bob");
  await world.pass(30_000);

  world.loses = () => true;
  a.put("cleo");
  a.presence.drop("ann", "left");
  b.put("dan");
  await world.pass(30_000);
  world.loses = () => false;
  a.presence.askAll();
  b.presence.askAll();
  await world.pass(100);

  expect([a.here(), b.here()]).toEqual(["bob 1, cleo 1, dan 1", "bob 1, cleo 1, dan 1"]);
});

test("a room is idle when its last connection is gone and the others have been told", async () => {
  const world = new PresenceWorld();
  const a = await world.open("a");
  const idle = [a.presence.isIdle];

  a.put("ann");
  idle.push(a.presence.isIdle);
  a.presence.drop("ann", "lost");
  await world.pass(4_999);
  idle.push(a.presence.isIdle);
  await world.pass(15_999);
  idle.push(a.presence.isIdle);
  await world.pass(2);
  idle.push(a.presence.isIdle);

  expect(idle).toEqual([true, false, false, false, true]);
});

test("a room that closes and opens again on the same process is heard at once", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  for (let count = 0; count < 50; count++) a.put("ann", "ann", `${count}`);
  a.presence.drop("ann", "left");
  await world.pass(30_000);
  a.presence.close();

  const again = await world.open("a");
  again.put("bob");
  await world.pass();

  expect(b.here()).toBe("bob 1");
});

test("who is left of a room that closed without a word that was heard is gone after ten asks", async () => {
  const world = new PresenceWorld();
  const [a, b] = [await world.open("a"), await world.open("b")];
  a.put("ann");
  await world.pass(1_000);

  world.loses = (message) => message.startsWith('["d');
  a.presence.drop("ann", "left");
  a.presence.close();
  world.loses = () => false;
  b.presence.askAll();
  await world.pass(9_000);
  const asked = b.here();
  await world.pass(3_000);

  expect([asked, b.here(), b.frames.at(-1)]).toEqual(["ann 1", "", "-ann"]);
});

test("bytes that are no message, and messages in this process's own name, change nothing", async () => {
  const world = new PresenceWorld();
  const a = await world.open("a");
  a.put("ann");
  await world.pass();
  const foreign = [Uint8Array.of(0, 255), encoder.encode("{}"), encoder.encode('["list","a",9000000000000000,0,1,[]]')];

  const taken = foreign.map((bytes) => a.presence.take(bytes));

  expect([taken, a.here()]).toEqual([[undefined, undefined, undefined], "ann 1"]);
});

test("a room in which nobody is shown sends nothing but its question and digests, and then nothing", async () => {
  const world = new PresenceWorld();
  const [a] = [await world.open("a"), await world.open("b")];

  await world.pass(60_000);
  const sent = a.sent.length;
  await world.pass(600_000);

  expect([sent, a.sent.length]).toEqual([4, 4]);
});

const step = fc.record({
  node: fc.nat(2),
  what: fc.constantFrom("put", "put", "left", "lost"),
  slot: fc.nat(3),
  userId: fc.constantFrom("ann", "bob", "cleo", "dan"),
  isLost: fc.boolean(),
  ms: fc.constantFrom(0, 0, 0, 700, 3_000),
});

test("whatever messages are lost, the digests make all processes agree", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const world = new PresenceWorld();
      const nodes = [await world.open("a"), await world.open("b"), await world.open("c")];
      let ids = 0;
      const open = nodes.map(() => new Map<number, string>());

      for (const { node, what, slot, userId, isLost, ms } of steps) {
        world.loses = () => isLost;
        const id = open[node]?.get(slot) ?? `c${ids++}/${userId}`;
        if (what === "put") nodes[node]?.put(id, id.split("/")[1], `${ids++}`);
        else nodes[node]?.presence.drop(id, what === "left" ? "left" : "lost");
        if (what === "put") open[node]?.set(slot, id);
        else open[node]?.delete(slot);
        await world.pass(ms);
      }
      world.loses = () => false;
      await world.pass(30_000);

      const expected = new Set(open.flatMap((slots) => [...slots.values()].map((id) => id.split("/")[1])));
      const lists = nodes.map((node) => node.here());
      expect(lists).toEqual(Array.from({ length: 3 }, () => lists[0]));
      expect(nodes[0]?.presence.view().count).toBe(expected.size);
      for (const { presence } of nodes) presence.close();
    }),
    { numRuns: 40 },
  );
});
