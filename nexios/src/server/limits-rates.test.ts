import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { clientFrame, closeCodeOf, opcodes } from "../../../test/wire/client-frames.ts";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { openRawWebSocket, type RawSocket } from "../../../test/wire/raw-socket.ts";
import { NexiosApp } from "../app/app.ts";
import { ManualClock } from "../testing/index.ts";
import { auth } from "./auth.ts";
import type { Limits } from "./limits.ts";

const secret = "a secret of thirty-two bytes at least";

test("messagesPerConnection: a burst of 100 is taken, the next is told TOO_MANY with a time, and after that time one more is taken", async () => {
  await using house = await open();
  const ann = await house.enter("ann");

  const burst = await ann.ask(101);
  await house.clock.advance(19);
  const early = await ann.ask(1);
  await house.clock.advance(1);
  const inTime = await ann.ask(2);
  await house.clock.advance(980);
  const rest = await ann.ask(60);

  expect(burst.filter((answer) => answer === "taken")).toHaveLength(100);
  expect(burst.filter((answer) => answer !== "taken")).toEqual([
    { type: "error", code: "TOO_MANY", message: "Messages come too fast; this one was not taken", retryAfterMs: 20 },
  ]);
  // Who sends too fast is told so once a second.
  expect(early).toEqual([]);
  expect(inTime).toEqual(["taken"]);
  expect(rest.filter((answer) => answer === "taken")).toHaveLength(49);
  expect(rest.filter((answer) => answer !== "taken")).toHaveLength(1);
});

test("messagesPerConnection: connections of two users have a bucket each", async () => {
  await using house = await open();
  const [ann, bob] = [await house.enter("ann"), await house.enter("bob")];

  await ann.ask(100);

  expect(await bob.ask(100)).toHaveLength(100);
});

test("messagesPerUser: all connections of a user share a bucket, and other users have their own", async () => {
  await using house = await open({ messagesPerUser: { perSecond: 200, burst: 150 } });
  const [first, second, bob] = [await house.enter("ann"), await house.enter("ann"), await house.enter("bob")];

  await first.ask(100);
  const shared = await second.ask(51);
  const others = await bob.ask(100);
  await house.clock.advance(5);
  const later = await second.ask(1);

  expect(shared.filter((answer) => answer === "taken")).toHaveLength(50);
  expect(shared.filter((answer) => answer !== "taken")).toMatchObject([{ code: "TOO_MANY", retryAfterMs: 5 }]);
  expect(others).toHaveLength(100);
  expect(later).toEqual(["taken"]);
});

test("floodMs: who goes on sending too fast for three seconds is closed with 4529, and not before", async () => {
  using reports = collectReports();
  await using house = await open();
  const ann = await house.enter("ann");
  const { raw } = ann;

  await ann.ask(150);
  for (const stepMs of [1_000, 1_000, 999]) {
    await house.clock.advance(stepMs);
    await ann.ask(150);
  }
  const early = house.app.connectionCount;
  await house.clock.advance(1);
  // By now the bucket has one again.
  await raw.write(Buffer.concat([clientFrame(opcodes.text, "1"), clientFrame(opcodes.text, "1")]));
  await raw.until(({ frames }) => closeCodeOf(frames) !== undefined);

  expect(early).toBe(1);
  expect(closeCodeOf(raw.frames)).toBe(4529);
  expect(reports.of("closed")).toEqual([{ code: 4529, reason: "sends too fast", userId: "ann" }]);
});

test("floodMs: who sends too fast now and then, with more than a second of calm in between, is never closed", async () => {
  await using house = await open();
  const ann = await house.enter("ann");

  for (let round = 0; round < 10; round++) {
    await ann.ask(150);
    await house.clock.advance(1_001);
  }

  expect(house.app.connectionCount).toBe(1);
});

test("pings and pongs count as messages: a flood of them is closed with 4529 too", async () => {
  await using house = await open();
  const { raw } = await house.enter("ann");
  const pongs = Buffer.concat(Array.from({ length: 150 }, () => clientFrame(opcodes.pong)));

  for (let round = 0; round < 3; round++) {
    await fence(raw, pongs);
    await house.clock.advance(1_000);
  }
  await raw.write(pongs);
  await raw.until(({ frames }) => closeCodeOf(frames) !== undefined);

  expect(closeCodeOf(raw.frames)).toBe(4529);
});

interface Sender {
  readonly raw: RawSocket;
  /** Sends so many messages in one piece; resolves with all that was answered. */
  ask(count: number): Promise<unknown[]>;
}

interface House extends AsyncDisposable {
  readonly app: NexiosApp;
  readonly clock: ManualClock;
  enter(user: string): Promise<Sender>;
}

async function open(limits: Partial<Limits> = {}): Promise<House> {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, clock, limits });
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    for await (const _ of ws.messages()) await ws.sendJson("taken");
  });
  const { port } = await app.listen({ port: 0 });
  const raws: RawSocket[] = [];
  return {
    app,
    clock,
    async enter(user) {
      const raw = await openRawWebSocket(port, "/", [`Authorization: Bearer ${await app.tokens.issue({ sub: user }, { expiresInSeconds: 600 })}`]);
      raws.push(raw);
      return { raw, ask: (count) => ask(raw, count) };
    },
    async [Symbol.asyncDispose]() {
      for (const raw of raws) raw.destroy();
      await app.stop();
    },
  };
}

async function ask(raw: RawSocket, count: number): Promise<unknown[]> {
  const seen = answersOf(raw).length;
  const messages = Array.from({ length: count }, () => clientFrame(opcodes.text, "1"));
  await fence(raw, Buffer.concat(messages));
  // An answer leaves in the turn after its message at the latest; these pings find the bucket empty, and take nothing.
  await fence(raw);
  return answersOf(raw).slice(seen);
}

async function fence(raw: RawSocket, before: Uint8Array = Buffer.alloc(0)): Promise<void> {
  const pongs = (): number => raw.frames.filter(({ opcode }) => opcode === opcodes.pong).length;
  const wanted = pongs() + 1;
  await raw.write(Buffer.concat([before, clientFrame(opcodes.ping)]));
  await raw.until(() => pongs() >= wanted);
}

function answersOf(raw: RawSocket): unknown[] {
  return raw.frames.filter(({ opcode }) => opcode === opcodes.text).map(({ payload }) => JSON.parse(payload.toString()) as unknown);
}
