import { NexiosApp } from "nexios";
import { connect, ManualClock } from "nexios/testing";
import { expect, test } from "vitest";
import { calm } from "./calm-load.ts";
import { collectReports } from "./collect-reports.ts";
import { turn } from "./raw-socket.ts";
import { messageBytes, numbered, numbersTo, openHouse, queuedBytes, sum, take, toLast } from "./slow-house.ts";

const secret = "a secret of thirty-two bytes at least";

test("drop-oldest: a paused member loses the oldest, is told the newest in order, and delays nobody", async () => {
  await using house = await openHouse("drop-oldest");
  const [slow, fast] = await house.arrive(2);

  slow!.pause();
  const before = await house.sendUntilBlocked();
  const reports = [...before, ...(await house.sendAtPace(20))];
  const waiting = house.queuedBytes();
  slow!.resume();
  const [slowGot, fastGot] = [await toLast(slow!, reports.length), await toLast(fast!, reports.length)];

  const lost = sum(reports, "dropped");
  expect(fastGot).toEqual(numbersTo(reports.length));
  expect(lost).toBeGreaterThan(10);
  expect(waiting).toBeLessThanOrEqual(queuedBytes);
  expect(slowGot).toHaveLength(reports.length - lost);
  expect(slowGot).toEqual([...slowGot].toSorted((a, b) => a - b));
  expect(slowGot.slice(-4)).toEqual(numbersTo(reports.length).slice(-4));
  expect(sum(reports, "handed") - lost).toBe(slowGot.length + fastGot.length);
});

test("drop-newest: a paused member keeps what waits for it and loses what comes on top", async () => {
  await using house = await openHouse("drop-newest");
  const [slow, fast] = await house.arrive(2);

  slow!.pause();
  const before = await house.sendUntilBlocked();
  const reports = [...before, ...(await house.sendAtPace(20))];
  const lost = sum(reports, "dropped");
  slow!.resume();
  const kept = await take(slow!, reports.length - lost);
  const fastGot = await toLast(fast!, reports.length);
  const after = house.send(1);

  expect(lost).toBeGreaterThan(10);
  expect(kept).toEqual(numbersTo(reports.length - lost));
  expect(fastGot).toEqual(numbersTo(reports.length));
  expect(sum(reports, "handed")).toBe(kept.length + fastGot.length);
  expect(after).toEqual([{ handed: 2, dropped: 0, gone: 0 }]);
  expect(await toLast(slow!, reports.length + 1)).toEqual([reports.length + 1]);
});

test("close: a paused member is closed with 4513 and counted as gone, and nobody else notices", async () => {
  using reported = collectReports();
  await using house = await openHouse("close");
  const [slow, fast] = await house.arrive(2);

  slow!.pause();
  const reports = [...(await house.sendUntilBlocked()), ...(await house.sendAtPace(20))];
  slow!.resume();
  const ending = await slow!.closed;

  expect(sum(reports, "gone")).toBe(1);
  expect(sum(reports, "dropped")).toBe(0);
  expect(reported.of("closed")).toMatchObject([{ code: 4513 }]);
  // Behind a full socket no close frame would ever be read, so that it is cut.
  expect(ending.code).toBe(1006);
  expect(await toLast(fast!, reports.length)).toEqual(numbersTo(reports.length));
  expect(house.app.channels.members("all")).toHaveLength(1);
});

test("what waits for a paused member never exceeds its bound, however long the group sends", async () => {
  await using house = await openHouse("drop-oldest");
  const [slow] = await house.arrive(1);
  slow!.pause();
  await house.sendUntilBlocked();

  const waiting: number[] = [];
  for (let round = 0; round < 500; round++) {
    house.send(1);
    waiting.push(house.queuedBytes());
  }

  expect(Math.max(...waiting)).toBeLessThanOrEqual(queuedBytes);
  expect(Math.min(...waiting.slice(10))).toBeGreaterThan(queuedBytes - 2 * messageBytes);
});

test("a member that catches up is in the flow again and misses nothing more", async () => {
  await using house = await openHouse("drop-oldest");
  const [slow] = await house.arrive(1);
  slow!.pause();
  const count = (await house.sendUntilBlocked()).length + house.send(20).length;
  slow!.resume();
  await toLast(slow!, count);

  const reports = [];
  for (let round = 0; round < 20; round++) {
    reports.push(...house.send(1));
    expect(await take(slow!, 1)).toEqual([count + round + 1]);
  }

  expect(sum(reports, "dropped")).toBe(0);
});

test("messages of a group and messages to one member alone keep their order, before, during and after it is slow", async () => {
  await using house = await openHouse("drop-newest", { queuedBytes: Infinity });
  const [slow] = await house.arrive(1);
  const [channel] = house.app.channels.members("all");
  const sendBoth = (): number => {
    house.send(1);
    house.app.channels.sendTo(channel!.id, house.next());
    return 2;
  };

  let count = sendBoth();
  slow!.pause();
  count += (await house.sendUntilBlocked()).length;
  for (let round = 0; round < 10; round++) count += sendBoth();
  slow!.resume();
  const got = await toLast(slow!, count);
  sendBoth();

  expect(got).toEqual(numbersTo(count));
  expect(await take(slow!, 2)).toEqual([count + 1, count + 2]);
});

test("two senders at once past a slow member: everybody gets the same order", async () => {
  await using house = await openHouse("drop-newest", { queuedBytes: Infinity });
  const [slow, ...others] = await house.arrive(4);
  slow!.pause();
  let count = (await house.sendUntilBlocked()).length;

  const sender = async (): Promise<void> => {
    for (let round = 0; round < 10; round++) {
      count += house.send(1).length;
      await turn();
    }
  };
  await Promise.all([sender(), sender()]);
  slow!.resume();

  for (const peer of [slow!, ...others]) expect(await toLast(peer, count)).toEqual(numbersTo(count));
});

test("who joins between two sends of one turn gets the second alone, and who leaves between them the first alone", async () => {
  await using house = await openHouse("drop-oldest");
  const [stays, joins, leaves] = await house.arrive(3);
  const { channels } = house.app;
  const [, joining, leaving] = channels.members("all");
  await channels.removeChannelFromGroup(joining!, "all");

  house.send(1);
  const changes = [channels.addChannelToGroup(joining!, "all"), channels.removeChannelFromGroup(leaving!, "all")];
  house.send(1);
  await Promise.all(changes);
  channels.sendTo(leaving!.id, house.next());

  expect(await take(stays!, 2)).toEqual([1, 2]);
  expect(await take(joins!, 1)).toEqual([2]);
  expect(await take(leaves!, 2)).toEqual([1, 3]);
});

test("who leaves the group while it is slow still gets what was sent before", async () => {
  await using house = await openHouse("drop-newest", { queuedBytes: Infinity });
  const [slow] = await house.arrive(1);
  const { channels } = house.app;
  const [channel] = channels.members("all");
  slow!.pause();
  const count = (await house.sendUntilBlocked()).length + house.send(3).length;

  await channels.removeChannelFromGroup(channel!, "all");
  const after = house.send(1);
  slow!.resume();

  expect(after).toEqual([{ handed: 0, dropped: 0, gone: 0 }]);
  expect(await toLast(slow!, count)).toEqual(numbersTo(count));
});

test("members that are dead, or die in the middle of sends, hurt nobody and throw nothing into the sender", async () => {
  await using house = await openHouse("drop-oldest");
  const peers = await house.arrive(5);
  const bystanders = [peers[0]!, peers[2]!, peers[4]!];

  peers[1]!.terminate();
  const reports = house.send(1);
  peers[3]!.pause();
  peers[3]!.terminate();
  while (house.app.connectionCount > 3) {
    reports.push(...house.send(1));
    await turn();
  }
  reports.push(...house.send(1));

  for (const peer of bystanders) expect(await toLast(peer, reports.length)).toEqual(numbersTo(reports.length));
  expect(sum(reports, "gone")).toBe(2);
  expect(reports.at(-1)).toMatchObject({ handed: 3, dropped: 0 });
  expect(house.app.channels.members("all")).toHaveLength(3);
});

test("a socket that takes no byte is closed with 4513 after stalledMs, and not before", async () => {
  using reported = collectReports();
  const clock = new ManualClock();
  await using house = await openHouse("drop-oldest", {}, clock);
  const [slow] = await house.arrive(1);
  const [channel] = house.app.channels.members("all");
  slow!.pause();
  await house.sendUntilBlocked();

  await clock.advance(1_000);
  await clock.advance(89_000);
  const early = channel!.closed;
  await clock.advance(1_500);

  expect(early).toBe(false);
  expect(reported.of("closed")).toMatchObject([{ code: 4513 }]);
  expect(channel!.connection.ending).toMatchObject({ code: 4513 });
  slow!.resume();
  expect(await slow!.closed).toMatchObject({ code: 1006 });
});

test("a handler that waits for its sends is slowed down to its reader, so that nothing piles up and nothing is lost", async () => {
  const sent: number[] = [];
  const queued: number[] = [];
  const blocked = Promise.withResolvers<void>();
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    await ws.sendText("in");
    while (sent.length < 60) {
      sent.push(sent.length + 1);
      const sending = ws.sendText(numbered(sent.length));
      await turn();
      queued.push(ws.open.outbox.queuedBytes);
      if (ws.open.outbox.blocked) blocked.resolve();
      await sending;
    }
    await ws.receiveText();
  });
  const { url } = await app.listen({ port: 0 });
  const peer = await connect(url, "/");
  await peer.next();

  peer.pause();
  await blocked.promise;
  const sentMeanwhile = sent.length;
  peer.resume();
  const got = await toLast(peer, 60);

  expect(sentMeanwhile).toBeLessThan(60);
  expect(got).toEqual(numbersTo(60));
  expect(Math.max(...queued)).toBeLessThanOrEqual(messageBytes + 200);
});
