import { expect, test } from "vitest";
import { Bench } from "./bench.fixture.ts";
import { accept, openCalling } from "./calling.fixture.ts";
import { entry, failure, sum } from "./sum.fixture.ts";

test("a call waits for its state no longer than its deadline: then its reply counts", async () => {
  const { bench, joined } = await openCalling((frame, line) => accept(frame, line, 5));

  const call = joined.call("add", { by: 1 });
  await bench.run(29_999);
  const before = joined.pending.length;
  await bench.run(1);

  expect([before, joined.pending.length, (await call).kind]).toEqual([1, 0, "accepted"]);
});

test("a call that nobody answers is given up at its deadline, cancelled, and never sent again", async () => {
  const { bench, joined } = await openCalling();

  const call = joined.call("add", { by: 1 }, { deadlineMs: 5_000 }).catch((error: unknown) => error);
  await bench.run(5_100);
  bench.line.end();
  await bench.run(3_000);

  expect(await call).toMatchObject({ code: "UNKNOWN_OUTCOME" });
  expect([bench.of("call").length, bench.of("cancel").map(({ id }) => id)]).toEqual([1, [bench.of("call")[0]?.id]]);
});

test("a call that could not be sent by its deadline has certainly not been made", async () => {
  const bench = new Bench();
  bench.onConnect = () => {};
  const joined = bench.client.join(sum, { id: "1" });

  const call = joined.call("add", { by: 1 }).catch((error: unknown) => error);
  await bench.run(30_000);
  bench.onConnect = (line) => line.open();
  await bench.run(30_000);

  expect(await call).toMatchObject({ code: "UNAVAILABLE" });
  expect(bench.of("call")).toEqual([]);
});

test("a call that slept past its deadline with its machine is not sent, though its timer has not fired", async () => {
  const bench = new Bench();
  bench.onConnect = () => {};
  const joined = bench.client.join(sum, { id: "1" });
  const call = joined.call("add", { by: 1 }).catch((error: unknown) => error);
  await bench.run(1_000);

  bench.wallAheadMs = 3_600_000;
  bench.line.open();
  await bench.run();

  expect(await call).toMatchObject({ code: "UNAVAILABLE" });
  expect([joined.status.kind, bench.of("call")]).toEqual(["live", []]);
});

test("a call that is under way outlives a step of the wall clock that is longer than its deadline", async () => {
  const { bench, joined } = await openCalling();
  const call = joined.call("add", { by: 1 });
  await bench.run();

  bench.wallAheadMs = 37_000;
  bench.line.say(entry(1));
  await bench.run();
  for (const frame of bench.of("call")) accept(frame, bench.line, 1);

  expect(await call).toMatchObject({ kind: "accepted" });
});

test("a call that is given up before it is sent never is, and rejects with the reason", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  const reason = new Error("Nobody wants it");
  const given = new AbortController();
  given.abort(reason);
  const later = new AbortController();

  const calls = [joined.call("add", { by: 1 }, { signal: given.signal }), joined.call("add", { by: 2 }, { signal: later.signal })].map((call) =>
    call.catch((error: unknown) => error),
  );
  later.abort(reason);
  await bench.run();

  expect(await Promise.all(calls)).toEqual([reason, reason]);
  expect([bench.of("call"), bench.of("cancel"), joined.pending]).toEqual([[], [], []]);
});

test("a call that is given up after it was sent is cancelled, and its late reply is dropped", async () => {
  const { bench, joined, outcomes } = await openCalling();
  const controller = new AbortController();
  const call = joined.call("add", { by: 1 }, { signal: controller.signal }).catch((error: unknown) => error);
  await bench.run();
  const [frame] = bench.of("call");

  controller.abort("gone");
  await bench.run();
  if (frame !== undefined) accept(frame, bench.line);
  await bench.run();

  expect([await call, bench.of("cancel").map(({ id }) => id), outcomes.map(({ kind }) => kind)]).toEqual(["gone", [frame?.id], ["failed"]]);
});

test("a call that is given up by whoever hears of another's outcome has one outcome of its own", async () => {
  const { bench, joined, outcomes } = await openCalling((frame, line) => accept(frame, line, 1));
  const controller = new AbortController();
  joined.onSettled(() => controller.abort("enough"));
  const [first, second] = [joined.call("add", { by: 1 }), joined.call("add", { by: 2 }, { signal: controller.signal })];
  const given = second.catch((error: unknown) => error);
  await bench.run();

  bench.line.say(entry(1));

  expect([(await first).kind, await given, outcomes.length, bench.client.status.pendingCalls]).toEqual(["accepted", "enough", 2, 0]);
});

test("a call that is given up by whoever hears that it is pending is never sent", async () => {
  const { bench, joined } = await openCalling();
  const controller = new AbortController();
  bench.client.onChange(() => controller.abort("no"));

  const call = joined.call("add", { by: 1 }, { signal: controller.signal }).catch((error: unknown) => error);
  await bench.run();

  expect([await call, bench.of("call"), joined.pending]).toEqual(["no", [], []]);
});

test("a call that is given up while the client joins again holds up no later one", async () => {
  const { bench, joined } = await openCalling((frame, line) => line.say(failure(frame.id, "OVERLOADED", 5_000)));
  const controller = new AbortController();
  joined.call("add", { by: 1 }, { signal: controller.signal }).catch(() => {});
  await bench.run();
  bench.answers.join = () => {};
  // It does not follow from what is here.
  bench.line.say(entry(5));

  controller.abort();
  await bench.run(1_000);

  expect(joined.status.kind).toBe("stale");
  expect(bench.of("cancel").map(({ id }) => id)).toEqual(bench.of("call").map(({ id }) => id));
});

test("a signal that outlives its calls keeps nothing of them", async () => {
  const { bench, joined } = await openCalling((frame, line) => accept(frame, line));
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal) as (...args: unknown[]) => void;
  const remove = signal.removeEventListener.bind(signal) as (...args: unknown[]) => void;
  Object.assign(signal, {
    addEventListener: (...args: unknown[]) => (listeners++, add(...args)),
    removeEventListener: (...args: unknown[]) => (listeners--, remove(...args)),
  });

  const calls = [1, 2, 3].map((by) => joined.call("add", { by }, { signal }));
  await bench.run();
  await Promise.all(calls);

  expect(listeners).toBe(0);
});
