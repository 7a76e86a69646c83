import type { NexiosApp } from "nexios";
import { connect, HandshakeRefused, ManualClock, type Peer } from "nexios/testing";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toActivityEvent } from "./activity-request.ts";
import { type Frame, RecentActivity } from "./activity-state.ts";
import { createSaleroom } from "./saleroom.ts";

interface Initial {
  readonly type: "initial";
  readonly data: Frame & { readonly total: number; readonly windowSeconds: number; readonly series: Record<string, number[]> };
}

interface Update {
  readonly type: "frame";
  readonly data: Frame;
}

/** What comes is stored without waiting for more. */
const activity = { commitEvents: 1 };

let folder: string;
let clock: ManualClock;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-control-"));
  clock = new ManualClock();
  app = createSaleroom({ dataFolder: folder, clock, activity, load: { loopDelayMs: () => 0, heapFraction: () => 0, close: () => undefined } });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop({ deadlineMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

async function watch(id: string): Promise<Peer> {
  const token = await app.tokens.issue({ sub: id, name: id }, { expiresInSeconds: 900 });
  return connect(app, "/live/control", { token });
}

async function record(paths: readonly string[]): Promise<void> {
  const requests = paths.map((path, index) => ({ at: clock.now(), visitor: `v${index % 3}`, method: "GET", path, status: 200 }));
  const events = requests.map((request) => toActivityEvent(request, randomUUID()));
  await app.request("/activity", { method: "POST", body: JSON.stringify({ events }) });
}

test("the control room needs a token", async () => {
  await expect(connect(app, "/live/control")).rejects.toThrow(HandshakeRefused);
  await expect(connect(app, "/live/control")).rejects.toMatchObject({ status: 401 });
});

test("a viewer gets a snapshot, and then one frame a second", async () => {
  await record(["/a", "/a", "/b"]);
  const ann = await watch("ann");
  const initial = await ann.nextJson<Initial>();

  await clock.advance(3_000);
  const frames = [await ann.nextJson<Update>(), await ann.nextJson<Update>(), await ann.nextJson<Update>()];

  expect(initial).toMatchObject({ type: "initial", data: { total: 3, windowSeconds: 300, topPages: [{ path: "/a", requests: 2 }, { path: "/b" }] } });
  expect(frames.map(({ data }) => data.at - initial.data.at)).toEqual([1_000, 2_000, 3_000]);
  expect(frames[0]).toMatchObject({ type: "frame", data: { viewers: 1, activeVisitors: 3, statuses: { "2xx": 3 } } });
});

test("one frame is computed a second, however many viewers there are, and all get the same bytes", async () => {
  const compute = vi.spyOn(RecentActivity.prototype, "frame");
  const viewers = await Promise.all(Array.from({ length: 12 }, (_, index) => watch(`viewer ${index}`)));
  for (const viewer of viewers) await viewer.next();
  compute.mockClear();

  await clock.advance(5_000);
  const received = await Promise.all(
    viewers.map(async (viewer) => [await viewer.next(), await viewer.next(), await viewer.next(), await viewer.next(), await viewer.next()]),
  );

  expect(compute).toHaveBeenCalledTimes(5);
  for (const frames of received) expect(frames).toEqual(received[0]);
  expect(JSON.parse(String(received[0]?.[0]))).toMatchObject({ data: { viewers: 12 } });
});

test("a viewer who leaves is no longer counted", async () => {
  const ann = await watch("ann");
  const bob = await watch("bob");
  await ann.next();
  await bob.next();
  await clock.advance(1_000);
  const both = await ann.nextJson<Update>();

  bob.close();
  await bob.closed;
  await clock.advance(1_000);

  expect([both.data.viewers, (await ann.nextJson<Update>()).data.viewers]).toEqual([2, 1]);
});

test("a late viewer's snapshot has the window that the others saw, at most five minutes of it", async () => {
  await app.start();
  await record(["/a", "/b"]);
  await clock.advance(302_000);

  const ann = await watch("ann");
  const { data } = await ann.nextJson<Initial>();

  expect(Object.values(data.series).map(({ length }) => length)).toEqual([300, 300, 300, 300]);
  expect(data.at).toBe(clock.now());
  expect(data.series["activeVisitors"]?.slice(-4)).toEqual([2, 0, 0, 0]);
});

test("requests count in the frame after them, and the total counts on over a restart", async () => {
  const ann = await watch("ann");
  await ann.next();
  await record(["/a", "/a", "/a"]);
  await clock.advance(1_000);
  const frame = await ann.nextJson<Update>();
  await app.stop({ deadlineMs: 0 });

  app = createSaleroom({ dataFolder: folder, clock, activity });
  const again = await watch("ann");

  expect(frame.data).toMatchObject({ requestsPerSecond: 3, topPages: [{ path: "/a", requests: 3 }] });
  expect(await again.nextJson()).toMatchObject({ data: { total: 3 } });
});

test("a token is renewed on the open line, and the line outlives the first one", async () => {
  const ann = await watch("ann");
  await ann.next();
  await clock.advance(840_000);
  const token = await app.tokens.issue({ sub: "ann", name: "ann" }, { expiresInSeconds: 900 });

  ann.sendJson({ type: "renew", token });
  await nextOfType(ann, "renewed");
  await clock.advance(120_000);

  await nextOfType(ann, "frame");
  expect(app.connectionCount).toBe(1);
});

test("a token that proves nothing is not taken, and the line ends with the one that it has", async () => {
  const ann = await watch("ann");
  await ann.next();
  await clock.advance(840_000);

  ann.sendJson({ type: "renew", token: "no token" });
  await nextOfType(ann, "not-renewed");
  await clock.advance(120_000);

  expect((await ann.closed).code).toBe(4501);
});

async function nextOfType(peer: Peer, type: string): Promise<unknown> {
  for (;;) {
    const message = await peer.nextJson<{ type: string }>();
    if (message.type === type) return message;
  }
}
