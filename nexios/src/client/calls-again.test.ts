import { expect, test } from "vitest";
import { timeOfCallId } from "../protocol/call-id.ts";
import { Bench, serverTime, welcome } from "./bench.fixture.ts";
import { accept, openCalling } from "./calling.fixture.ts";
import { entry, failure, sum } from "./sum.fixture.ts";

test("calls that were not answered are sent again over the next connection, in order, under their ids and marked as such", async () => {
  const { bench, joined } = await openCalling();

  void joined.call("add", { by: 1 });
  void joined.call("add", { by: 2 });
  await bench.run();
  bench.line.end();
  await bench.run(1_000);

  const sent = bench.of("call");
  expect(sent.map(({ input, isRepeat }) => [input, isRepeat])).toEqual([
    [{ by: 1 }, false],
    [{ by: 2 }, false],
    [{ by: 1 }, true],
    [{ by: 2 }, true],
  ]);
  expect([sent[2]?.callId, sent[3]?.callId]).toEqual([sent[0]?.callId, sent[1]?.callId]);
  expect(sent[0]?.callId).not.toBe(sent[1]?.callId);
});

test("a call that was answered, and waits for the state alone, is not sent again", async () => {
  const { bench, joined } = await openCalling((frame, line) => accept(frame, line, 1));
  const call = joined.call("add", { by: 1 });
  await bench.run();

  bench.line.end();
  await bench.run(1_000);
  bench.line.say(entry(1));

  expect([bench.of("call").length, (await call).kind]).toEqual([1, "accepted"]);
});

test("calls made without a connection wait, and are sent when the client is in the room", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  const { pending: none } = joined;
  void joined.call("add", { by: 1 });
  const { pending: held } = joined;
  const before = [none.length, held[0]?.isSent, bench.client.status.pendingCalls];

  await bench.run();

  expect(before).toEqual([0, false, 1]);
  expect(joined.pending).not.toBe(held);
  expect(bench.of("call").map(({ input, isRepeat }) => [input, isRepeat])).toEqual([[{ by: 1 }, false]]);
  expect(joined.pending[0]?.isSent).toBe(true);
});

test("a failure that may be tried again is tried again under the same ids, and holds later calls back", async () => {
  const seen: unknown[] = [];
  const { bench, joined, outcomes } = await openCalling((frame, line) => {
    seen.push([frame.input, frame.isRepeat]);
    if (seen.length <= 2) line.say(failure(frame.id, "UNAVAILABLE", 100));
    else accept(frame, line);
  });

  void joined.call("add", { by: 1 });
  void joined.call("add", { by: 2 });
  await bench.run(90);
  void joined.call("add", { by: 3 });
  await bench.run(2_000);

  expect(seen).toEqual([
    [{ by: 1 }, false],
    [{ by: 2 }, false],
    [{ by: 1 }, true],
    [{ by: 2 }, true],
    [{ by: 3 }, false],
  ]);
  const ids = bench.of("call").map(({ id }) => id);
  expect([ids[2], ids[3], outcomes.length]).toEqual([ids[0], ids[1], 3]);
});

test("each failure that may be tried again makes the wait longer, until one goes through", async () => {
  const moments: number[] = [];
  const { bench, joined } = await openCalling((frame, line) => {
    moments.push(bench.scheduler.now);
    if (moments.length === 5) accept(frame, line);
    else line.say(failure(frame.id, moments.length % 2 === 0 ? "OVERLOADED" : "TOO_MANY", 100));
  });
  bench.random = 1;
  await bench.run(1_000);

  void joined.call("add", { by: 1 });
  await bench.run(20_000);
  void joined.call("add", { by: 2 });
  await bench.run(5_000);

  const waits = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
  expect(waits.slice(0, 4)).toEqual([600, 1_100, 2_100, 4_100]);
  expect(waits[5]).toBe(600);
});

test("a call's id tells when it was made, by the server's clock", async () => {
  const { bench, joined } = await openCalling();
  bench.wallAheadMs = 3_600_000;

  void joined.call("add", { by: 1 });

  const [pending] = joined.pending;
  expect(Math.abs((pending?.madeAt ?? 0) - serverTime - bench.scheduler.now)).toBeLessThan(10);
  expect(timeOfCallId(pending?.callId ?? "")).toBe(Math.floor(pending?.madeAt ?? 0));
});

test("a call that was made by a wrong clock gets another id before it is sent, and keeps it", async () => {
  const bench = new Bench();
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, now: serverTime + 86_400_000 });
  bench.answers.ping = ({ sentAt }, line) => line.say({ kind: "pong", sentAt, now: serverTime + 86_400_000 + bench.scheduler.now });
  const joined = bench.client.join(sum, { id: "1" });
  void joined.call("add", { by: 1 });
  const before = joined.pending[0]?.callId;

  await bench.run();
  bench.line.end();
  await bench.run(1_000);

  const ids = bench.of("call").map(({ callId }) => callId);
  expect([ids[0] === before, ids[1] === ids[0], joined.pending[0]?.callId === ids[0]]).toEqual([false, true, true]);
  expect(timeOfCallId(ids[0] ?? "")).toBeGreaterThanOrEqual(serverTime + 86_400_000);
});

test("an id that is given is the call's own, and may have been sent before", async () => {
  const { bench, joined } = await openCalling();
  const callId = "0195f0a0-0000-7000-8000-000000000001";

  void joined.call("add", { by: 1 }, { callId });
  await bench.run();

  expect(bench.of("call").map(({ callId: sent, isRepeat }) => [sent, isRepeat])).toEqual([[callId, true]]);
});
