import { expect, test } from "vitest";
import { Bench, serverTime, welcome } from "./bench.fixture.ts";

/** A live client whose server answers nothing any more. */
async function silent(): Promise<Bench> {
  const bench = new Bench();
  bench.random = 0;
  await bench.run(5_000);
  bench.answers.ping = () => {};
  return bench;
}

test("a client without a network says so, and tries at once when it wakes", async () => {
  const bench = new Bench();
  await bench.run();
  bench.random = 1;
  bench.isOnline = false;
  bench.line.end();
  const before = bench.client.status.kind;

  bench.isOnline = true;
  bench.wake();
  await bench.run();

  expect([before, bench.lines.length, bench.line.triedAt, bench.client.status.kind]).toEqual(["offline", 2, 30, "live"]);
});

test("a client that is told nothing of its network tries all the same", async () => {
  const bench = new Bench();
  bench.isOnline = false;
  bench.onConnect = (line) => line.end();
  await bench.run(5_000);

  bench.onConnect = (line) => line.open();
  await bench.run(20_000);

  expect(bench.client.status.kind).toBe("live");
});

test("a connection is given up 8 s after the first ping that nothing answered", async () => {
  const bench = await silent();

  await bench.run(60_000);

  // The ping after the first burst goes at 11.75 s.
  expect(bench.lines[1]?.triedAt).toBe(11_750 + 8_000);
});

test("any message answers a ping", async () => {
  const bench = await silent();
  for (let at = 1_000; at < 60_000; at += 5_000) bench.scheduler.after(at, () => bench.lines[0]?.say({ kind: "pong", sentAt: 0, now: 0 }));

  await bench.run(60_000);

  expect(bench.lines.length).toBe(1);
});

test("after a sign of waking a connection has 2 s to show that it lives", async () => {
  const bench = await silent();

  bench.wake();
  await bench.run(1_999);
  const before = bench.lines.length;
  await bench.run(1);

  expect([before, bench.lines.length]).toEqual([1, 2]);
});

test("signs of waking that come one after the other give the connection no more time", async () => {
  const bench = await silent();

  for (let turn = 0; turn < 5; turn++) {
    bench.wake();
    await bench.run(500);
  }

  expect(bench.lines[1]?.triedAt).toBe(7_000);
});

test("a connection that answers outlives all signs of waking", async () => {
  const bench = new Bench();
  await bench.run();

  for (let turn = 0; turn < 20; turn++) {
    bench.wake();
    await bench.run(700);
  }

  expect(bench.lines.length).toBe(1);
});

test("a wall clock that was set makes the client forget what it knew of the server's, ask again, and check its connection", async () => {
  const bench = await silent();
  const synced = bench.client.clock.isSynced;
  const pings = bench.of("ping").length;

  bench.wallAheadMs = 37_000;
  await bench.run(1_000);
  const [forgotten, more] = [bench.client.clock.isSynced, bench.of("ping").length - pings];
  await bench.run(2_001);

  expect([synced, forgotten, more > 0, bench.lines.length]).toEqual([true, false, true, 2]);
});

test("a clock that was set lets a try begin that is waited for", async () => {
  const bench = new Bench();
  await bench.run();
  bench.random = 1;
  bench.onConnect = (line) => line.end();
  bench.line.end();
  await bench.run(60_000);
  const tries = bench.lines.length;
  const waitMs = bench.client.retryInMs() ?? 0;
  bench.onConnect = (line) => line.open();

  bench.wallAheadMs = 37_000;
  await bench.run(1_000);

  expect([waitMs > 5_000, bench.lines.length, bench.client.status.kind]).toEqual([true, tries + 1, "live"]);
});

test("the server's time is known with the welcome, to half of the way there and back", async () => {
  const bench = new Bench();
  bench.answers.hello = (_frame, line) => void bench.scheduler.after(30, () => line.say({ ...welcome, now: serverTime + 15 }));
  bench.answers.ping = () => {};
  const before = [bench.client.clock.isSynced, bench.client.clock.bound()];

  await bench.run(31);

  expect(before).toEqual([false, Infinity]);
  expect([bench.client.clock.isSynced, Math.round(bench.client.clock.bound())]).toEqual([true, 17]);
});
