import { expect, test } from "vitest";
import { Bench, type Line } from "./bench.fixture.ts";
import { toVerdict } from "./verdict.ts";

/** A live client whose connection has just been closed so. */
async function closed(code: Parameters<Line["end"]>[0], reason?: string): Promise<Bench> {
  const bench = new Bench();
  await bench.run();
  bench.line.end(code, reason);
  return bench;
}

test("a code of the final range refuses the client, with the code, and nothing is tried any more", async () => {
  for (const [code, number] of [
    ["INVALID", 4400],
    ["FORBIDDEN", 4403],
    ["REPLACED", 4409],
    [4477, 4477],
    [4499, 4499],
  ] as const) {
    const bench = await closed(code);
    await bench.run(60_000);

    expect([bench.lines.length, bench.client.status.kind, bench.client.status.code, bench.client.status.retryAtMs]).toEqual([1, "refused", number, undefined]);
  }
});

test("a refused client comes back when it is asked to", async () => {
  const bench = await closed("REPLACED");
  const kinds = new Set<string>();
  bench.client.onChange(() => kinds.add(bench.client.status.kind));

  bench.client.retryNow();
  await bench.run();

  expect([[...kinds], bench.lines.length, bench.client.status.code]).toEqual([["reconnecting", "live"], 2, undefined]);
});

test("a version that is no longer served makes the client outdated, which it stays", async () => {
  const bench = await closed("OUTDATED");

  bench.wake();
  await bench.run(60_000);

  expect([bench.lines.length, bench.client.status.kind, bench.client.status.code]).toEqual([1, "outdated", 4410]);
});

test("any other code comes back", async () => {
  for (const code of [1000, 1001, 1006, 1009, 1011, 3000, 4000, 4399, 4500, 4504, 4508, 4513, 4529, 4577, 4999]) {
    const bench = await closed(code, "why");
    await bench.run(500);

    expect([code, bench.lines.length, bench.client.status.kind]).toEqual([code, 2, "live"]);
  }
});

test("a server that names a moment is tried at that moment", async () => {
  const bench = await closed("DRAIN", "3000");

  await bench.run(60_000);

  expect(bench.lines.map(({ triedAt }) => triedAt)).toEqual([0, 3_030]);
});

test("a server that names the present moment again and again is not hammered", async () => {
  const bench = new Bench();
  bench.onConnect = (line) => line.end("DRAIN", "0");

  await bench.run(20_000);

  expect(bench.lines.length).toBeLessThan(15);
});

test("a reason that is no number of milliseconds names no moment", () => {
  const verdicts = ["", "soon", "-1", "1.5", "1e3", "9999999", "12 ms"].map((reason) => toVerdict(4503, reason));

  expect(new Set(verdicts)).toEqual(new Set([undefined]));
});
