import { expect, test } from "vitest";
import { Bench, welcome } from "./bench.fixture.ts";
import { sum } from "./sum.fixture.ts";
import type { TokenReason } from "./token-source.ts";

interface TokenBench {
  readonly bench: Bench;
  /** Why each token was asked for, and when. */
  readonly asked: (readonly [TokenReason, number])[];
}

/** A client whose tokens are t1, t2 and so on, and a server that takes them for `expiresInMs`. */
async function open(expiresInMs?: number): Promise<TokenBench> {
  const asked: TokenBench["asked"][number][] = [];
  // The first is asked for while the client is made.
  let made: Bench | undefined;
  const bench = (made = new Bench({
    token(reason) {
      asked.push([reason, Math.floor(made?.scheduler.now ?? 0)]);
      return `t${asked.length}`;
    },
  }));
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, expiresInMs });
  bench.answers.renew = ({ id }, line) => line.say({ kind: "renewed", id, expiresInMs });
  await bench.run();
  return { bench, asked };
}

test("the first token travels with the hello, and is used again as long as it is good", async () => {
  const { bench, asked } = await open();

  bench.line.end();
  await bench.run(1_000);

  expect(asked).toEqual([["first", 0]]);
  expect(bench.of("hello").map(({ token }) => token)).toEqual(["t1", "t1"]);
});

test("a client without a token says hello without one", async () => {
  const bench = new Bench({ token: () => undefined });

  await bench.run();

  expect([bench.of("hello")[0]?.token, bench.client.status.kind]).toEqual([undefined, "live"]);
});

test("a token is renewed over the open connection, 30 s before its end, and rooms notice nothing", async () => {
  const { bench, asked } = await open(120_000);
  const room = bench.client.join(sum, { id: "1" });

  await bench.run(200_000);

  expect(asked).toEqual([
    ["first", 0],
    ["expiring", 90_000],
    ["expiring", 180_000],
  ]);
  expect(bench.of("renew").map(({ token }) => token)).toEqual(["t2", "t3"]);
  expect([bench.lines.length, bench.of("join").length, room.status.kind]).toEqual([1, 1, "live"]);
});

test("a token with a short life is renewed at half of it", async () => {
  const { bench, asked } = await open(20_000);

  await bench.run(11_000);

  expect(asked).toEqual([
    ["first", 0],
    ["expiring", 10_000],
  ]);
});

test("a token that does not run out is never renewed", async () => {
  const { bench, asked } = await open(undefined);

  await bench.run(86_400_000 / 24);

  expect(asked.length).toBe(1);
});

test("a renewal that the server refuses is tried once more with a fresh token, and then the old one runs out", async () => {
  const { bench, asked } = await open(120_000);
  bench.answers.renew = ({ id }, line) => line.say({ kind: "failed", id, code: "UNAUTHORIZED", message: "", path: undefined, retryAfterMs: undefined });

  await bench.run(119_000);

  expect(asked.map(([reason]) => reason)).toEqual(["first", "expiring", "rejected"]);
  expect([bench.lines.length, bench.client.status.kind]).toEqual([1, "live"]);
});

test("when a token has run out, another one is asked for and the client comes back", async () => {
  const { bench, asked } = await open(120_000);
  bench.answers.renew = ({ id }, line) => line.say({ kind: "failed", id, code: "INTERNAL", message: "", path: undefined, retryAfterMs: undefined });
  await bench.run(120_000);

  bench.line.end("TOKEN_EXPIRED");
  await bench.run(1_000);

  expect(asked.map(([reason]) => reason)).toEqual(["first", "expiring", "rejected", "rejected"]);
  expect([bench.of("hello").at(-1)?.token, bench.client.status.kind]).toEqual(["t4", "live"]);
});

test("a session that has run out without a token is not final", async () => {
  const bench = new Bench();
  await bench.run();

  bench.line.end("TOKEN_EXPIRED");
  await bench.run(1_000);

  expect([bench.lines.length, bench.client.status.kind]).toEqual([2, "live"]);
});

test("a token that was not taken is replaced by a fresh one", async () => {
  const { bench, asked } = await open();

  bench.line.end("UNAUTHORIZED");
  await bench.run(1_000);

  expect(asked.map(([reason]) => reason)).toEqual(["first", "rejected"]);
  expect([bench.of("hello").at(-1)?.token, bench.client.status.kind]).toEqual(["t2", "live"]);
});

test("where the fresh token is not taken either, the client is refused", async () => {
  const { bench, asked } = await open();
  bench.onConnect = (line) => line.end("UNAUTHORIZED");

  bench.line.end("UNAUTHORIZED");
  await bench.run(60_000);

  expect(asked.map(([reason]) => reason)).toEqual(["first", "rejected"]);
  expect([bench.lines.length, bench.client.status.kind, bench.client.status.code]).toEqual([2, "refused", 4401]);
});

test("a refused client that is told to try again asks for another token", async () => {
  const { bench, asked } = await open();
  bench.onConnect = (line) => line.end("UNAUTHORIZED");
  bench.line.end("UNAUTHORIZED");
  await bench.run(1_000);
  bench.onConnect = (line) => line.open();

  bench.client.retryNow();
  await bench.run();

  expect([asked.at(-1)?.[0], bench.client.status.kind]).toEqual(["rejected", "live"]);
});

test("a client without a token that is not let in is refused", async () => {
  const bench = new Bench();
  bench.onConnect = (line) => line.end("UNAUTHORIZED");

  await bench.run(60_000);

  expect([bench.lines.length, bench.client.status.kind, bench.client.status.code]).toEqual([1, "refused", 4401]);
});

test("a token that can't be had now is asked for again with each try", async () => {
  let isAway = true;
  const asked: TokenReason[] = [];
  const bench = new Bench({
    token(reason) {
      asked.push(reason);
      if (isAway) throw new Error("No network");
      return Promise.resolve("t");
    },
  });
  await bench.run(5_000);
  const before = { asked: asked.length, lines: bench.lines.length, kind: bench.client.status.kind };

  isAway = false;
  await bench.run(20_000);

  expect(before.asked).toBeGreaterThan(1);
  expect([before.lines, before.kind, new Set(asked)]).toEqual([0, "connecting", new Set(["first"])]);
  expect([bench.of("hello")[0]?.token, bench.client.status.kind]).toEqual(["t", "live"]);
});

test("a token that is late for a connection that has gone is used by the next one", async () => {
  const late = Promise.withResolvers<string>();
  const bench = new Bench({ token: (reason) => (reason === "first" ? "t1" : late.promise) });
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, expiresInMs: 120_000 });
  await bench.run(91_000);

  bench.line.end();
  late.resolve("t2");
  await bench.run(1_000);

  expect([bench.of("renew").length, bench.of("hello").at(-1)?.token]).toEqual([0, "t2"]);
});

test("a renewal for which no token can be had is tried again while the old token holds", async () => {
  let isAway = true;
  const bench = new Bench({
    token(reason) {
      if (reason === "expiring" && isAway) throw new Error("No network");
      return reason;
    },
  });
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, expiresInMs: 120_000 });
  bench.answers.renew = ({ id }, line) => line.say({ kind: "renewed", id, expiresInMs: 120_000 });
  await bench.run(95_000);

  isAway = false;
  await bench.run(1_000);

  expect(bench.of("renew").map(({ token }) => token)).toEqual(["expiring"]);
});

test("a token whose time is over is asked for anew before the next connection", async () => {
  const { bench, asked } = await open(120_000);
  bench.line.end();
  bench.onConnect = (line) => line.end();
  await bench.run(119_000);
  const before = asked.length;
  bench.onConnect = (line) => line.open();

  await bench.run(60_000);

  expect([before, asked.slice(1).map(([reason]) => reason), bench.client.status.kind]).toEqual([1, ["expiring"], "live"]);
});

test("a token that never comes is asked for again, and one that is none is not sent", async () => {
  const answers: (() => unknown)[] = [() => new Promise(() => {}), () => "x".repeat(8_193), () => 7, () => "good"];
  // What an application may give against its types.
  const bench = new Bench({ token: () => answers.shift()?.() as string });

  await bench.run(60_000);

  expect([answers.length, bench.of("hello").map(({ token }) => token), bench.client.status.kind]).toEqual([0, ["good"], "live"]);
});
