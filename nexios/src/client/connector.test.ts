import { expect, test } from "vitest";
import { Bench, type Line, uncaughtOf, welcome } from "./bench.fixture.ts";

/** How long after its try each connection fails. */
function failing(bench: Bench, afterMs = 0): void {
  bench.onConnect = (line) => void bench.scheduler.after(afterMs, () => line.end());
}

/** The waits between the end of a try and the next one. */
function waitsOf(bench: Bench): readonly number[] {
  return bench.lines.slice(1).map(({ triedAt }, index) => triedAt - (bench.lines[index]?.triedAt ?? 0));
}

test("a client connects at once, in the wire's subprotocol, and is live with the server's welcome", async () => {
  const bench = new Bench();
  const before = bench.client.status;

  await bench.run();

  expect(bench.lines.map(({ url, subprotocol }) => [url, subprotocol])).toEqual([["ws://server/realtime", "nexios.v1.json"]]);
  expect([before.kind, before.hasConnected, before.user]).toEqual(["connecting", false, undefined]);
  expect(bench.client.status).toEqual({
    kind: "live",
    hasConnected: true,
    failures: 0,
    retryAtMs: undefined,
    pendingCalls: 0,
    user: { id: "ann", name: "Ann" },
    code: undefined,
  });
});

test("each wait is drawn from 0 to half a second, doubled with each failure, and at most 20 s; there is no last try", async () => {
  const bench = new Bench();
  bench.random = 1;
  failing(bench);

  await bench.run(3_600_000);

  expect(waitsOf(bench).slice(0, 9)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]);
  expect(bench.lines.length).toBeGreaterThan(180);
  expect([bench.client.status.kind, bench.client.status.hasConnected, bench.client.status.failures]).toEqual(["connecting", false, bench.lines.length]);
});

test("a wait may be none at all", async () => {
  const bench = new Bench();
  bench.random = 0;
  failing(bench, 100);

  await bench.run(350);

  expect(waitsOf(bench)).toEqual([100, 100, 100]);
});

test("whoever waits for a try sees when it begins", async () => {
  const bench = new Bench();
  bench.random = 1;
  failing(bench);

  await bench.run(100);

  expect([bench.client.status.retryAtMs, bench.client.retryInMs(), bench.client.status.failures]).toEqual([500, 400, 1]);
});

test("only a connection that held for 10 s makes the next wait short again", async () => {
  const bench = new Bench();
  bench.random = 1;
  const ends = [9_000, 9_999, 10_000, 9_000];
  bench.onConnect = (line) => {
    line.open();
    bench.scheduler.after(ends.shift() ?? Infinity, () => line.end());
  };

  await bench.run(60_000);

  expect(waitsOf(bench)).toEqual([9_000 + 500, 9_999 + 1_000, 10_000 + 500, 9_000 + 1_000]);
});

test("a good connection long ago does not make the waits of a server that is away short", async () => {
  const bench = new Bench();
  bench.random = 1;
  await bench.run(20_000);
  failing(bench);

  bench.line.end();
  await bench.run(60_000);

  expect(waitsOf(bench).slice(1, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  expect(bench.client.status.kind).toBe("reconnecting");
});

test("of several addresses the next is tried after a failure, and the first after the last", async () => {
  const bench = new Bench({ url: ["ws://a/", "ws://b/", "ws://c/"] });
  failing(bench);

  await bench.run(30_000);

  expect(bench.lines.slice(0, 5).map(({ url }) => url)).toEqual(["ws://a/", "ws://b/", "ws://c/", "ws://a/", "ws://b/"]);
});

test("a connection that is not welcome within 10 s is given up, whether it has opened or not", async () => {
  const bench = new Bench();
  bench.random = 0;
  bench.onConnect = () => {};
  await bench.run(9_999);
  const before = bench.lines.length;

  bench.onConnect = (line) => line.open();
  bench.answers.hello = () => {};
  await bench.run(10_001);

  expect([before, bench.lines.length, bench.lines.map(({ isClosed }) => isClosed)]).toEqual([1, 3, [true, true, false]]);
});

test("a try that is waited for begins at once when somebody asks for it, and only one", async () => {
  const bench = new Bench();
  bench.random = 1;
  failing(bench);
  await bench.run(1);
  bench.onConnect = (line) => line.open();

  bench.client.retryNow();
  bench.client.retryNow();
  await bench.run(30_000);
  bench.client.retryNow();
  await bench.run();

  expect([bench.lines.length, bench.line.triedAt, bench.client.status.kind]).toEqual([2, 1, "live"]);
});

test("a socket that can't even be made is heard of, and a failure like others", async () => {
  const bench = new Bench({
    world: {
      connect: () => {
        throw new SyntaxError("No such subprotocol");
      },
    },
  });

  const uncaught = await uncaughtOf(() => bench.run(30_000));

  expect([bench.client.status.kind, bench.client.status.failures]).toEqual(["connecting", uncaught.length]);
  expect([uncaught.length > 3, uncaught[0]]).toEqual([true, expect.any(SyntaxError)]);
});

test("what an ended connection still says reaches nobody", async () => {
  const bench = new Bench();
  await bench.run();
  const first = bench.line;
  first.end();
  await bench.run(1_000);

  first.say({ ...welcome, name: "Nobody" });
  first.end("FORBIDDEN");
  await bench.run();

  expect([bench.client.status.kind, bench.client.status.user?.name, bench.lines.length]).toEqual(["live", "Ann", 2]);
});

test("a drain moves the client at a moment of the window, after the delay, and once", async () => {
  const moments: number[] = [];
  for (const random of [0, 0.5, 1]) {
    const bench = new Bench();
    await bench.run(100);
    bench.random = random;
    bench.line.say({ kind: "drain", room: undefined, afterMs: 1_000, windowMs: 2_000 });
    bench.line.say({ kind: "drain", room: undefined, afterMs: 0, windowMs: 0 });
    await bench.run(10_000);
    moments.push(...bench.lines.slice(1).map(({ triedAt }) => triedAt));
    expect([bench.lines[0]?.isClosed, bench.client.status.kind]).toEqual([true, "live"]);
  }

  expect(moments).toEqual([1_100, 2_100, 3_100]);
});

test("a connection that ends before the moment of its drain comes back as after any other loss", async () => {
  const bench = new Bench();
  bench.random = 0.5;
  await bench.run(100);
  bench.line.say({ kind: "drain", room: undefined, afterMs: 5_000, windowMs: 0 });

  bench.line.end();
  await bench.run(20_000);

  expect(bench.lines.map(({ triedAt }) => triedAt)).toEqual([0, 350]);
});

test("the status is a new object on each change, and the same until then", async () => {
  const bench = new Bench();
  const seen: Bench["client"]["status"][] = [];
  const cancel = bench.client.onChange(() => seen.push(bench.client.status));
  await bench.run(1_000);
  const { status } = bench.client;

  const line: Line = bench.line;
  line.say({ kind: "pong", sentAt: 0, now: 0 });
  const same = bench.client.status;
  cancel();
  line.end();

  expect(same).toBe(status);
  expect(new Set(seen).size).toBe(seen.length);
  expect([seen.at(-1)?.kind, bench.client.status.kind]).toEqual(["live", "reconnecting"]);
});
