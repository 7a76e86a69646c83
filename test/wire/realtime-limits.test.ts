import type { Authenticate } from "nexios";
import { ManualClock } from "nexios/testing";
import { expect, test } from "vitest";
import type { ClientFrame } from "../../nexios/src/protocol/frame.ts";
import { createDoorman, issue, newCallId, openApp, secret, visit, visitRoom, type Visitor } from "./realtime-house.ts";

function padded(frame: string, bytes: number): string {
  return frame.replace("}", `,"pad":"${"x".repeat(bytes - frame.length - 9)}"}`);
}

function replies(visitor: Visitor, frames: readonly ClientFrame[]): Promise<string[]> {
  const asked = frames.flatMap((frame) => ("id" in frame ? [frame.id] : []));
  return Promise.all(
    asked.map(async (id) => {
      const reply = await visitor.reply(id);
      return reply.kind === "failed" ? `${reply.code} ${reply.retryAfterMs}` : reply.kind;
    }),
  );
}

test("helloBytes: the message with the hello may have so many bytes, and not one more", async () => {
  await using app = openApp(createDoorman());
  const hello = `{"t":"o","token":"${await issue(app, "ann")}"}`;
  const [fits, tooLong] = [await visit(app), await visit(app)];

  fits.peer.sendText(padded(hello, 32_768));
  tooLong.peer.sendText(padded(hello, 32_769));

  expect((await fits.next("welcome")).userId).toBe("ann");
  expect(await tooLong.peer.closed).toEqual({ code: 1009, reason: "the hello is too long" });
});

test("messageFrames: a message may have so many frames, and not one more", async () => {
  await using app = openApp(createDoorman());
  const { visitor } = await visitRoom(app, "ann");
  const pings = (count: number): ClientFrame[] => Array.from({ length: count }, (_, sentAt) => ({ kind: "ping", sentAt }));

  visitor.send(...pings(256));
  for (let at = 0; at < 256; at++) await visitor.next("pong");
  visitor.send(...pings(257));
  const ignored = await visitor.next("ignored");

  expect(ignored).toMatchObject({ room: undefined, code: "INVALID_MESSAGE", message: expect.stringContaining("256") });
  expect(await visitor.peer.closed).toEqual({ code: 4400, reason: "INVALID_MESSAGE" });
});

test("roomsPerConnection: a connection is in so many rooms, and the next join fails with LIMIT", async () => {
  await using app = openApp(createDoorman());
  const visitor = await visit(app);
  const joins = Array.from({ length: 63 }, (_, room) => visitor.join(`words/${room}`));
  const [last, tooMany] = [visitor.join("words/last"), visitor.join("words/too-many")];

  visitor.send(visitor.hello(await issue(app, "ann")), ...joins, last, tooMany);

  expect(await replies(visitor, [last, tooMany])).toEqual(["joined", "LIMIT undefined"]);
});

test("joinRate: past it each join is told its own moment, and is let in then without counting again", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock, rooms: { limits: { joinRate: { perSecond: 10, burst: 2 } } } });
  const visitor = await visit(app);
  const joins = [1, 2, 3, 4].map((room) => visitor.join(`words/${room}`));
  visitor.send(visitor.hello(await issue(app, "ann")), ...joins);
  const first = await replies(visitor, joins);

  const early = visitor.join("words/3");
  await clock.advance(50);
  visitor.send(early);
  const tooEarly = await replies(visitor, [early]);
  await clock.advance(50);
  const [third, fourth, fifth] = [visitor.join("words/3"), visitor.join("words/4"), visitor.join("words/5")];
  visitor.send(third, fourth, fifth);

  expect(first).toEqual(["joined", "joined", "TOO_MANY 100", "TOO_MANY 200"]);
  expect(tooEarly).toEqual(["TOO_MANY 50"]);
  expect(await replies(visitor, [third, fourth, fifth])).toEqual(["joined", "TOO_MANY 100", "TOO_MANY 200"]);
});

test("processJoinRate: connections that come at once get moments one after the other; past the farthest they are told to come much later", async () => {
  const clock = new ManualClock();
  const limits = { processJoinRate: { perSecond: 1, burst: 1 }, joinAheadMs: 2_000 };
  await using app = openApp(createDoorman(), { clock, rooms: { limits } });
  const token = await issue(app, "ann");
  const told: string[] = [];
  const visitors: Visitor[] = [];
  for (let at = 0; at < 4; at++) {
    const visitor = await visit(app);
    const join = visitor.join("words/1");
    visitor.send(visitor.hello(token), join);
    told.push(...(await replies(visitor, [join])));
    visitors.push(visitor);
  }

  await clock.advance(1_000);
  const again = visitors.slice(1, 3).map(async (visitor) => {
    const join = visitor.join("words/1");
    visitor.send(join);
    return replies(visitor, [join]);
  });

  expect(told).toEqual(["joined", "TOO_MANY 1000", "TOO_MANY 2000", "OVERLOADED 2000"]);
  expect(await Promise.all(again)).toEqual([["joined"], ["TOO_MANY 1000"]]);
});

test("callRate: past it a call fails with TOO_MANY, and so do the later ones until it comes again", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock, rooms: { limits: { callRate: { perSecond: 10, burst: 2 } } } });
  const visitor = await visit(app);
  const room = await visitor.enter(await issue(app, "ann"));
  const calls = ["a", "b", "c", "d"].map((word) => visitor.call(room, "say", word, newCallId(clock.now())));
  visitor.send(...calls);
  const first = await replies(visitor, calls);

  await clock.advance(100);
  const [, , third, fourth] = calls;
  if (third === undefined || fourth === undefined) throw new Error("there are four");
  visitor.send({ ...fourth, isRepeat: true });
  const overtaking = await replies(visitor, [fourth]);
  visitor.send({ ...third, isRepeat: true });
  const inOrder = await replies(visitor, [third]);
  await clock.advance(100);
  visitor.send({ ...fourth, isRepeat: true });

  expect(first).toEqual(["accepted", "accepted", "TOO_MANY 100", "TOO_MANY 200"]);
  expect(overtaking).toEqual(["TOO_MANY 200"]);
  expect(inOrder).toEqual(["accepted"]);
  expect(await replies(visitor, [fourth])).toEqual(["accepted"]);
  expect(await visitor.heard(4)).toEqual(["a", "b", "c", "d"]);
});

test("signalRate: past it a signal is dropped, and its sender told", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock, rooms: { limits: { signalRate: { perSecond: 10, burst: 2 } } } });
  const { visitor: bob } = await visitRoom(app, "bob");
  const { visitor: ann, room } = await visitRoom(app, "ann");

  ann.send(...["1", "2", "3"].map((payload): ClientFrame => ({ kind: "signal", room, name: "wave", payload })));
  const ignored = await ann.next("ignored");
  await clock.advance(100);
  ann.send({ kind: "signal", room, name: "wave", payload: "4" });
  const heard = [await bob.next("signal"), await bob.next("signal"), await bob.next("signal")];

  expect(ignored).toMatchObject({ room, code: "TOO_MANY", retryAfterMs: 100 });
  expect(heard.map(({ payload }) => Buffer.from(payload).toString())).toEqual(['"1"', '"2"', '"4"']);
});

test("messagesPerConnection: a message past it is told as ignored, in the connection's own form; who goes on is closed with 4529", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock, limits: { messagesPerConnection: { perSecond: 1, burst: 2 }, floodMs: 1_000 } });
  const { visitor } = await visitRoom(app, "ann");

  visitor.send({ kind: "ping", sentAt: 1 });
  visitor.send({ kind: "ping", sentAt: 2 });
  const ignored = await visitor.next("ignored");
  for (let at = 0; at < 4; at++) {
    await clock.advance(400);
    for (let count = 0; count < 3; count++) visitor.send({ kind: "ping", sentAt: 3 });
  }

  expect(ignored).toMatchObject({ room: undefined, code: "TOO_MANY", retryAfterMs: 1_000 });
  expect(await visitor.peer.closed).toEqual({ code: 4529, reason: "sends too fast" });
});

test.each([
  { limits: { unreadMessages: 3 }, messages: 3, room: "words/1" },
  { limits: { unreadBytes: 450 }, messages: 3, room: `words/${"x".repeat(100)}` },
])("what comes behind a hello that is being proven waits within bounds, and pings are answered: %o", async ({ limits, messages, room }) => {
  const known = Promise.withResolvers<void>();
  const slow: Authenticate = async ({ token }) => {
    if (token === undefined) return undefined;
    await known.promise;
    return { user: { id: token, name: token } };
  };
  await using app = openApp(createDoorman(), { auth: { jwt: { secret }, slow }, realtime: { auth: ["slow"] }, limits });
  const [fits, tooMuch] = [await visit(app), await visit(app)];
  for (const visitor of [fits, tooMuch]) visitor.send(visitor.hello("ann"));

  for (let at = 0; at < messages; at++) fits.send(fits.join(room));
  fits.send({ kind: "ping", sentAt: 7 });
  for (let at = 0; at < messages + 1; at++) tooMuch.send(tooMuch.join(room));
  const pong = await fits.next("pong");
  const ending = await tooMuch.peer.closed;
  const early = fits.frames.length;
  known.resolve();

  expect([pong.sentAt, early, (await fits.next("welcome")).userId]).toEqual([7, 0, "ann"]);
  expect((await fits.next("joined")).kind).toBe("joined");
  expect(ending).toEqual({ code: 4529, reason: "too much before the hello was answered" });
});

test("a process that has too much to do lets nobody into a room, and answers pings and calls all the same", async () => {
  const clock = new ManualClock();
  let loopDelayMs = 1;
  const load = { loopDelayMs: () => loopDelayMs, heapFraction: () => 0.1, close: () => undefined };
  await using app = openApp(createDoorman(), { clock, load });
  const { visitor, room } = await visitRoom(app, "ann");
  loopDelayMs = 500;
  await clock.advance(3_000);

  const join = visitor.join("words/2");
  const call = visitor.call(room, "say", "x", newCallId(clock.now()));
  visitor.send(join, call, { kind: "ping", sentAt: 5 });
  const told = await replies(visitor, [join, call]);

  expect(told).toEqual(["OVERLOADED 2000", "accepted"]);
  expect((await visitor.next("pong")).sentAt).toBe(5);
});
