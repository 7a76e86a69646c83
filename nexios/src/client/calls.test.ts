import { expect, test } from "vitest";
import { Bench } from "./bench.fixture.ts";
import { accept, openCalling } from "./calling.fixture.ts";
import { entry, positionAfter, room, sum } from "./sum.fixture.ts";

test("a call settles when its reply is there and the state has reached the reply's position", async () => {
  const { bench, joined, outcomes } = await openCalling((frame, line) => accept(frame, line, 2));

  const call = joined.call("add", { by: 1 });
  bench.line.say(entry(1));
  await bench.run();
  const before = [outcomes.length, joined.pending.length];
  bench.line.say(entry(2));

  expect([before, outcomes.length, joined.pending]).toEqual([[0, 1], 1, []]);
  expect(await call).toEqual({ kind: "accepted", result: 4, position: positionAfter(2), kept: "stored" });
});

test("a call settles with the entry too, where that comes before its reply", async () => {
  const { bench, joined } = await openCalling();
  const call = joined.call("add", { by: 1 });
  await bench.run();
  const [frame] = bench.of("call");

  bench.line.say(entry(1, frame?.callId));
  const before = joined.pending.length;
  if (frame !== undefined) accept(frame, bench.line, 1);

  expect([before, joined.pending.length, (await call).kind]).toEqual([1, 0, "accepted"]);
});

test("a refusal is a value, with its code and data", async () => {
  const { bench, joined } = await openCalling(({ id }, line) =>
    line.say({ kind: "refused", id, position: positionAfter(9), code: "TOO_MUCH", data: new TextEncoder().encode('{"most":3}') }),
  );

  const call = joined.call("add", { by: 9 });
  await bench.run();

  expect(await call).toEqual({ kind: "refused", code: "TOO_MUCH", data: { most: 3 } });
});

test("a question is answered with a value, and is no pending call", async () => {
  const { bench, joined, outcomes } = await openCalling();
  bench.answers.ask = ({ id }, line) => line.say({ kind: "answered", id, value: new TextEncoder().encode("8") });

  const answer = joined.ask("double");
  const { pendingCalls } = bench.client.status;
  await bench.run();

  expect([await answer, joined.pending, pendingCalls, outcomes]).toEqual([{ kind: "answered", value: 8 }, [], 0, []]);
  expect(bench.of("ask")).toEqual([{ kind: "ask", id: 2, room, name: "double", input: undefined }]);
});

test("what is no refusal rejects, with the code and the path", async () => {
  for (const code of ["INVALID_MESSAGE", "FORBIDDEN", "NOT_FOUND", "INTERNAL", "CALL_ID_REUSED", "EXPIRED", "OUTDATED"] as const) {
    const { bench, joined } = await openCalling(({ id }, line) =>
      line.say({ kind: "failed", id, code, message: "It was so", path: "by", retryAfterMs: undefined }),
    );

    const call = joined.call("add", { by: 1 }).catch((error: unknown) => error);
    await bench.run();

    expect(await call).toMatchObject({ name: "NexiosError", code, message: "It was so (add of sum/1)", path: "by" });
  }
});

test("replies of a connection before, and second replies, change nothing", async () => {
  const { bench, joined, outcomes } = await openCalling();
  const call = joined.call("add", { by: 1 });
  await bench.run();
  const [first] = bench.of("call");
  const [before] = bench.lines;
  bench.line.end();
  await bench.run(1_000);
  const [, again] = bench.of("call");

  if (first !== undefined && before !== undefined) accept(first, before);
  const early = outcomes.length;
  if (again !== undefined) accept(again, bench.line);
  if (again !== undefined) bench.line.say({ kind: "refused", id: again.id, position: undefined, code: "TOO_MUCH", data: undefined });

  expect([early, outcomes.length, (await call).kind]).toEqual([0, 1, "accepted"]);
});

test("bytes travel as bytes", async () => {
  const { bench, joined } = await openCalling();

  void joined.call("draw", new Uint8Array([1, 2, 255]));
  await bench.run();

  expect(bench.of("call")[0]?.input).toEqual(new Uint8Array([1, 2, 255]));
});

test("a call says what was given when it was made, over all connections", async () => {
  const { bench, joined } = await openCalling();
  const [input, bytes] = [{ by: 1 }, new Uint8Array([1])];
  joined.call("add", input).catch(() => {});
  joined.call("draw", bytes).catch(() => {});
  await bench.run();

  input.by = 2;
  bytes[0] = 2;
  bench.line.end();
  await bench.run(3_000);

  expect(bench.of("call").map((frame) => frame.input)).toEqual([{ by: 1 }, new Uint8Array([1]), { by: 1 }, new Uint8Array([1])]);
});

test("an input that has no JSON form rejects at once, and nothing is sent", async () => {
  const { bench, joined } = await openCalling();
  const circle: { by?: unknown } = {};
  circle.by = circle;

  const calls = [joined.call("add", circle as never), joined.call("add", { by: 1n } as never)];

  await expect(calls[0]).rejects.toThrow(TypeError);
  await expect(calls[1]).rejects.toThrow(TypeError);
  await bench.run();
  expect([bench.of("call"), joined.pending]).toEqual([[], []]);
});

test("only so many calls and questions may be open, over all rooms, and only so many bytes", async () => {
  const bench = new Bench({ limits: { pendingCalls: 3, pendingBytes: 1_000 } });
  bench.answers.call = () => {};
  const [one, two] = [bench.client.join(sum, { id: "1" }), bench.client.room(sum, { id: "2" })];
  void one.call("add", { by: 1 });
  void two.call("add", { by: 1 });
  const tooLarge = one.call("draw", new Uint8Array(1_000)).catch((error: unknown) => error);
  void one.ask("double");

  const tooMany = one.call("add", { by: 2 }).catch((error: unknown) => error);
  await bench.run();
  const [first] = bench.of("call");
  if (first !== undefined) accept(first, bench.line);
  const fits = one.call("draw", new Uint8Array(900));

  expect(await Promise.all([tooLarge, tooMany])).toEqual([expect.objectContaining({ code: "LIMIT" }), expect.objectContaining({ code: "LIMIT" })]);
  expect(one.pending.map(({ name }) => name)).toEqual(["draw"]);
  void fits.catch(() => {});
});

test("the client counts the calls that are not settled, over all rooms", async () => {
  const bench = new Bench();
  bench.answers.call = (frame, line) => accept(frame, line);
  const counts: number[] = [];
  bench.client.onChange(() => counts.push(bench.client.status.pendingCalls));
  const joined = bench.client.join(sum, { id: "1" });

  void joined.call("add", { by: 1 });
  void bench.client
    .room(sum, { id: "2" })
    .call("add", { by: 1 }, { deadlineMs: 500 })
    .catch(() => {});
  await bench.run(1_000);

  expect([Math.max(...counts), counts.at(-1)]).toEqual([2, 0]);
});
