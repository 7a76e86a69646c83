import { expect, test } from "vitest";
import type { ErrorCode } from "../protocol/codes.ts";
import { Bench } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import { failure, joinedBy, room, sum } from "./sum.fixture.ts";

/** A client whose first `times` joins fail so. */
function failing(
  code: ErrorCode,
  { times = Infinity, retryAfterMs }: { readonly times?: number; readonly retryAfterMs?: number } = {},
): {
  readonly bench: Bench;
  readonly joined: ClientRoom<typeof sum>;
  /** When each join came. */
  readonly moments: readonly number[];
} {
  const bench = new Bench();
  const moments: number[] = [];
  bench.answers.join = (frame, line) => {
    moments.push(bench.scheduler.now);
    if (moments.length > times) line.say(...joinedBy(frame));
    else line.say(failure(frame.id, code, retryAfterMs));
  };
  return { bench, joined: bench.client.join(sum, { id: "1" }), moments };
}

test("a join that is not let in now is sent again at the very moment that the server names", async () => {
  const { bench, joined, moments } = failing("TOO_MANY", { times: 2, retryAfterMs: 1_234 });
  bench.random = 1;

  await bench.run(10_000);

  expect(moments).toEqual([0, 1_234, 2_468]);
  expect([joined.status.kind, bench.lines.length]).toEqual(["live", 1]);
});

test("a join that failed for now is sent again, each time after a longer wait, on top of what the server asks for", async () => {
  for (const code of ["OVERLOADED", "CONFLICT", "INTERNAL"] as const) {
    const { bench, moments } = failing(code, { retryAfterMs: 100 });
    bench.random = 1;

    await bench.run(20_000);

    expect([code, moments]).toEqual([code, [0, 1_100, 3_200, 7_300, 15_400]]);
    expect(bench.lines.length).toBe(1);
  }
});

test("a status says what failed last, and nothing when the room is in", async () => {
  const { bench, joined } = failing("OVERLOADED", { times: 1 });
  await bench.run(0);
  const before = joined.status;

  await bench.run(5_000);

  expect([before, joined.status]).toEqual([
    { kind: "joining", code: "OVERLOADED" },
    { kind: "live", code: undefined },
  ]);
});

test("what a room may not have is final, and its calls fail with it", async () => {
  for (const code of ["FORBIDDEN", "NOT_FOUND", "LIMIT", "INVALID_MESSAGE"] as const) {
    const { bench, joined, moments } = failing(code);
    const call = joined.call("add", { by: 1 }).catch((error: unknown) => error);

    await bench.run(60_000);
    const later = joined.ask("double").catch((error: unknown) => error);

    expect([moments.length, joined.status, joined.pending]).toEqual([1, { kind: "refused", code }, []]);
    expect(await Promise.all([call, later])).toEqual([expect.objectContaining({ code }), expect.objectContaining({ code })]);
  }
});

test("where the right is gone, nobody knows of a call that was sent, and one that was not has failed", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();
  const sent = joined.call("add", { by: 1 }).catch((error: unknown) => error);
  await bench.run(100);
  bench.line.end();
  const held = joined.call("add", { by: 2 }).catch((error: unknown) => error);
  bench.answers.join = ({ id }, line) => line.say(failure(id, "FORBIDDEN"));

  await bench.run(1_000);

  expect(await Promise.all([sent, held])).toEqual([expect.objectContaining({ code: "UNKNOWN_OUTCOME" }), expect.objectContaining({ code: "FORBIDDEN" })]);
});

test("a refusal of one room leaves the others alone", async () => {
  const bench = new Bench();
  bench.answers.join = (frame, line) => line.say(...(frame.room === "sum/1" ? [failure(frame.id, "FORBIDDEN")] : joinedBy(frame)));
  const [refused, other] = [bench.client.join(sum, { id: "1" }), bench.client.join(sum, { id: "2" })];

  await bench.run();

  expect([refused.status.kind, other.status.kind]).toEqual(["refused", "live"]);
});

test("a room that this process can't give is looked for at another one after three times", async () => {
  const { bench, joined, moments } = failing("UNAVAILABLE", { times: 4 });
  bench.random = 0.1;

  await bench.run(20_000);

  expect([bench.lines.length, bench.lines[0]?.isClosed, bench.lines.map(({ frames }) => frames.filter(({ kind }) => kind === "join").length)]).toEqual([
    2,
    true,
    [4, 1],
  ]);
  expect([joined.status.kind, moments.length]).toEqual(["live", 5]);
});

test("failures to join are counted anew when the room has been in", async () => {
  const { bench, joined, moments } = failing("UNAVAILABLE", { times: 3 });
  bench.random = 0;
  await bench.run(3_000);

  bench.line.say({ kind: "left", room, code: "UNAVAILABLE" });
  await bench.run(3_000);

  expect([joined.status.kind, bench.lines.length, moments.length]).toEqual(["live", 1, 5]);
});

test("failures to join are counted anew over each connection", async () => {
  const { bench, moments } = failing("UNAVAILABLE", { retryAfterMs: 100 });
  bench.random = 0;
  bench.onConnect = (line) => {
    line.open();
    bench.scheduler.after(250, () => line.end());
  };

  await bench.run(2_000);

  expect([moments.length > 20, bench.lines.some(({ isClosed }) => isClosed)]).toEqual([true, false]);
});

test("a room that no process can give is tried for ever, and not in a hurry", async () => {
  const { bench } = failing("UNAVAILABLE");

  await bench.run(600_000);

  // A move to another process takes all rooms along: each comes twice as long after the last.
  expect(bench.lines.length).toBeGreaterThan(3);
  expect(bench.lines.length).toBeLessThan(15);
  expect(bench.of("join").length).toBeGreaterThan(20);
  expect(bench.of("join").length).toBeLessThan(1_000);
});

test("a join again during the wait after a failure is sent once", async () => {
  const { bench, joined, moments } = failing("TOO_MANY", { times: 1, retryAfterMs: 5_000 });
  await bench.run(100);

  bench.line.end();
  await bench.run(30_000);

  expect([moments.length, joined.status.kind]).toEqual([2, "live"]);
});

test("a join that nobody answers is sent again", async () => {
  const bench = new Bench();
  const joins: number[] = [];
  bench.answers.join = ({ id }) => joins.push(id);
  bench.client.join(sum, { id: "1" });

  await bench.run(25_000);

  expect(joins.length).toBeGreaterThanOrEqual(2);
  expect(bench.lines.length).toBe(1);
});
