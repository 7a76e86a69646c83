import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, openCluster } from "./cluster.ts";
import { Crowd } from "./crowd.ts";
import { enterRoom, everyKind } from "./rooms.ts";

const drainMs = 4_000;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await openCluster();
}, 90_000);

afterEach(() => cluster.leave());

afterAll(() => cluster.close());

test("a process that stops is not ready at once, finishes open calls, and has its clients come back elsewhere, spread over the window", async () => {
  const id = randomUUID();
  const [stopped, other] = await Promise.all([
    cluster.start({ NOT_READY_MS: "1000", DRAIN_MS: `${drainMs}`, DEADLINE_MS: "30000" }),
    cluster.start({ DRAIN_MS: "0" }),
  ]);
  const rooms = Array.from({ length: 200 }, (_, who) => enterRoom(cluster.enter([stopped, other], `user ${who}`), everyKind[who % 2]!, id));
  await vi.waitFor(() => expect(new Set(rooms.map(({ status }) => status.kind))).toEqual(new Set(["live"])), 30_000);
  const wentAt: number[] = [];
  for (const room of rooms) {
    let isGone = false;
    room.onChange(() => {
      if (room.status.kind === "live" || isGone) return;
      isGone = true;
      wentAt.push(performance.now());
    });
  }
  const call = rooms[0]!.call("putLater", { text: "begun before the stop" });

  stopped.program.child.kill("SIGTERM");
  await vi.waitFor(async () => expect((await fetch(`${stopped.url}/health/ready`)).status).toBe(503), { timeout: 10_000, interval: 20 });
  const stillThere = rooms.filter(({ status }) => status.kind === "live").length;
  const outcome = await call;
  const code = await stopped.program.ended;
  await vi.waitFor(() => expect(new Set(rooms.map(({ status }) => status.kind))).toEqual(new Set(["live"])), 30_000);

  expect([stillThere, outcome.kind, code]).toEqual([200, "accepted", 0]);
  // Nothing had to be cut at the deadline.
  expect(stopped.program.lines).toContain("cut 0");
  const places = await Promise.all(rooms.map((room) => room.ask("where")));
  expect(new Set(places.map((place) => place.kind === "answered" && place.value.port))).toEqual(new Set([other.port]));
  expect(rooms.filter((_, who) => who % 2 === 0).every((room) => room.state?.texts.join() === "begun before the stop")).toBe(true);
  // Evenly spread there would be 50 in each quarter.
  const first = Math.min(...wentAt);
  const quarters = [0, 0, 0, 0];
  for (const at of wentAt) quarters[Math.min(3, Math.floor(((at - first) / (drainMs * 0.9)) * 4))]!++;
  expect(wentAt).toHaveLength(200);
  for (const count of quarters) expect(count).toBeGreaterThan(15);
}, 90_000);

test("two processes that are stopped and started under load, one after the other, lose nothing: each call once, each entry once, in one order", async () => {
  const processes = await Promise.all([cluster.start(), cluster.start()]);
  const crowd = await Crowd.enter(cluster, processes, "rolling");

  for (const { program, port } of processes) {
    await crowd.hears(30);
    expect(await program.stop("SIGTERM")).toBe(0);
    await crowd.hears(30);
    await cluster.start({ PORT: `${port}` });
  }
  await crowd.hears(30);
  await crowd.areIn();

  expect(await crowd.finish()).toEqual([]);
}, 120_000);
