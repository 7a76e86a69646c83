import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NexiosApp } from "nexios";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSaleroom } from "./saleroom.ts";

const weekMs = 7 * 24 * 3_600_000;
let folder: string;
let clock: ManualClock;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-routes-"));
  clock = new ManualClock();
  app = createSaleroom({ dataFolder: folder, clock });
});

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const request = (changes: object = {}): object => ({ at: clock.now(), visitor: "ann", method: "GET", path: "/", status: 200, ...changes });

async function post(body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; answer: unknown }> {
  const response = await app.request("/activity", { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

async function countRequests(): Promise<unknown> {
  const response = await app.request("/activity/summary");
  const { requests } = (await response.json()) as { requests: number };
  return requests;
}

test("a batch is accepted, and the summary knows it", async () => {
  const { status, answer } = await post({ requests: [request(), request({ path: "/a" })] });

  expect([status, answer]).toEqual([200, { accepted: 2, rejected: [] }]);
  expect(await countRequests()).toBe(2);
});

test("a batch may be empty", async () => {
  expect(await post({ requests: [] })).toEqual({ status: 200, answer: { accepted: 0, rejected: [] } });
});

test("500 requests are a batch, and 501 are refused whole", async () => {
  const most = await post({ requests: Array.from({ length: 500 }, () => request()) });
  const tooMany = await post({ requests: Array.from({ length: 501 }, () => request()) });

  expect(most).toEqual({ status: 200, answer: { accepted: 500, rejected: [] } });
  expect(tooMany).toMatchObject({ status: 400, answer: { code: "INVALID_MESSAGE" } });
  expect(await countRequests()).toBe(500);
});

test("requests of the future and of more than a week ago are rejected by their place, the others are kept", async () => {
  const now = clock.now();
  const moments = [now, now + 60_000, now + 60_001, now - weekMs + 1, now - weekMs];

  const { answer } = await post({ requests: moments.map((at) => request({ at })) });

  expect(answer).toEqual({
    accepted: 3,
    rejected: [
      { index: 2, code: "OUT_OF_TIME" },
      { index: 4, code: "OUT_OF_TIME" },
    ],
  });
  expect(await countRequests()).toBe(3);
});

test.for([
  ["no JSON", "{", "BAD_JSON"],
  ["no batch", "[]", "INVALID_MESSAGE"],
  ["no requests", "{}", "INVALID_MESSAGE"],
  ["deeper than JSON may be", "[".repeat(40) + "]".repeat(40), "BAD_JSON"],
] as const)("a body that is %s is refused with its code", async ([, body, code]) => {
  expect(await post(body)).toMatchObject({ status: 400, answer: { code } });
});

test.for([
  ["a time that is no whole number", { at: 1.5 }],
  ["a time that is text", { at: "now" }],
  ["a visitor without a name", { visitor: "" }],
  ["an empty path", { path: "" }],
  ["a status below 100", { status: 99 }],
  ["a status above 999", { status: 1_000 }],
  ["a field that is missing", { status: undefined }],
] as const)("a request with %s refuses its whole batch", async ([, changes]) => {
  expect(await post({ requests: [request(), request(changes)] })).toMatchObject({ status: 400, answer: { code: "INVALID_MESSAGE" } });
  expect(await countRequests()).toBe(0);
});

test("a batch of more than 64 KiB is refused with 413 before it is read", async () => {
  const requests = Array.from({ length: 40 }, () => request({ path: `/${"x".repeat(2_000)}` }));
  const body = JSON.stringify({ requests });

  const { status, answer } = await post(body, { "content-length": String(body.length) });

  expect(status).toBe(413);
  expect(answer).toMatchObject({ code: "INVALID_MESSAGE" });
  expect(await countRequests()).toBe(0);
});

test("a path is kept without its query", async () => {
  await post({ requests: [request({ path: "/a?secret=1" })] });

  const response = await app.request("/activity/summary");

  expect(await response.json()).toMatchObject({ topPath: "/a", topPathCount: 1 });
});
