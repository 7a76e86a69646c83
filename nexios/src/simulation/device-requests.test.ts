import { expect, test } from "vitest";
import type { ClientFrame } from "../protocol/frame.ts";
import { Bench, entry, joinedBy, positionAfter } from "./device.fixture.ts";
import type { DeviceRoom } from "./device-room.ts";

type CallFrame = ClientFrame & { readonly kind: "call" };

/** A device in its room; `answer` answers its calls. */
async function open(answer: (frame: CallFrame, bench: Bench) => void): Promise<{ readonly bench: Bench; readonly room: DeviceRoom }> {
  const bench = new Bench();
  bench.onFrame = (frame) => {
    if (frame.kind === "join") bench.send(...joinedBy(frame));
    if (frame.kind === "call") answer(frame, bench);
  };
  const room = bench.device.join("sum/1");
  bench.device.start();
  await bench.run();
  return { bench, room };
}

function call(room: DeviceRoom, by: number): ReturnType<DeviceRoom["requests"]["add"]> {
  return room.requests.add({ kind: "call", name: "add", input: { by } });
}

test("a call settles when its reply is there and the room stands at the reply's position", async () => {
  const { bench, room } = await open(({ id }, to) => to.send({ kind: "accepted", id, position: positionAfter(2), result: undefined }));

  const record = call(room, 1);
  bench.send(entry(1));
  await bench.run();
  const before = record.settled?.kind;
  bench.send(entry(2));
  await bench.run();

  expect([before, record.settled?.kind]).toEqual([undefined, "accepted"]);
});

test("calls that were not answered are sent again over the next connection, in order, as repetitions", async () => {
  const { bench, room } = await open(() => {});

  call(room, 1);
  call(room, 2);
  await bench.run();
  bench.links[0]?.cut();
  await bench.run(3_000);

  const sent = bench.of("call").map(({ input, isRepeat, callId }) => ({ input, isRepeat, callId }));
  expect(sent.map(({ input, isRepeat }) => [input, isRepeat])).toEqual([
    [{ by: 1 }, false],
    [{ by: 2 }, false],
    [{ by: 1 }, true],
    [{ by: 2 }, true],
  ]);
  expect([sent[0]?.callId, sent[1]?.callId]).toEqual([sent[2]?.callId, sent[3]?.callId]);
});

test("a failure that may be tried again is tried again under the same ids, and holds later calls back", async () => {
  let fails = 1;
  const { bench, room } = await open(({ id }, to) => {
    if (fails-- > 0) to.send({ kind: "failed", id, code: "UNAVAILABLE", message: "", path: undefined, retryAfterMs: 100 });
    else to.send({ kind: "accepted", id, position: positionAfter(0), result: undefined });
  });

  const first = call(room, 1);
  await bench.run(100);
  const second = call(room, 2);
  await bench.run(2_000);

  const sent = bench.of("call").map(({ id, callId, isRepeat }) => [id, callId, isRepeat]);
  expect(sent).toEqual([
    [2, first.callId, false],
    [2, first.callId, true],
    [3, second.callId, false],
  ]);
  expect([first.settled?.kind, second.settled?.kind]).toEqual(["accepted", "accepted"]);
});

test("a call that nobody answers is given up after 30 s, and not sent over the next connection", async () => {
  const { bench, room } = await open(() => {});

  const record = call(room, 1);
  await bench.run(29_000);
  const before = record.settled;
  await bench.run(2_000);
  bench.links[0]?.cut();
  await bench.run(3_000);

  expect([before, record.settled, bench.of("call").length]).toEqual([undefined, { kind: "unknown" }, 1]);
});

test("calls made offline are kept, and sent when the device is in the room", async () => {
  const bench = new Bench();
  bench.letIn();
  const room = bench.device.join("sum/1");
  call(room, 1);

  bench.device.start();
  await bench.run();

  expect(bench.of("call").map(({ input, isRepeat }) => [input, isRepeat])).toEqual([[{ by: 1 }, false]]);
});

test("where the right is gone, a call that was sent has an unknown outcome, and one that was not has failed", async () => {
  const { bench, room } = await open(() => {});

  const sent = call(room, 1);
  await bench.run();
  bench.links[0]?.cut();
  await bench.run(250);
  const held = call(room, 2);
  bench.onFrame = (frame) => {
    if (frame.kind === "join") bench.send({ kind: "failed", id: frame.id, code: "FORBIDDEN", message: "", path: undefined, retryAfterMs: undefined });
  };
  await bench.run(3_000);

  expect([sent.settled?.kind, held.settled]).toEqual(["unknown", expect.objectContaining({ kind: "failed", code: "FORBIDDEN" })]);
});

test("a call that is sent twice keeps both replies and settles by the first", async () => {
  const { bench, room } = await open(({ id }, to) => to.send({ kind: "refused", id, position: undefined, code: "NO", data: undefined }));

  const record = room.requests.add({ kind: "call", name: "add", input: { by: 1 }, againAfterMs: 0 });
  await bench.run();

  expect(bench.of("call").map(({ id, isRepeat }) => [id, isRepeat])).toEqual([
    [2, false],
    [2, true],
  ]);
  expect([record.replies.length, record.settled?.kind]).toEqual([2, "refused"]);
});

test("a question is settled by its answer", async () => {
  const bench = new Bench();
  bench.onFrame = (frame) => {
    if (frame.kind === "join") bench.send(...joinedBy(frame));
    if (frame.kind === "ask") bench.send({ kind: "answered", id: frame.id, value: new TextEncoder().encode("4") });
  };
  const room = bench.device.join("sum/1");
  bench.device.start();

  const record = room.requests.add({ kind: "ask", name: "double", input: undefined });
  await bench.run();

  expect([record.callId, record.settled?.kind]).toEqual(["", "answered"]);
});
