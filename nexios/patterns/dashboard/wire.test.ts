import { NexiosApp } from "nexios";
import { type Client, createClient } from "nexios/client";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browserWorld } from "../../src/client/browser-world.ts";
import { createRandom } from "../../src/simulation/random.ts";
import { BusyShop } from "./busy-shop.fixture.ts";
import { dashboardRoom } from "./contract.ts";
import { addDashboards } from "./dashboards.ts";

// Over real sockets, by the client that is shipped: bytes of text frames, without the few that a WebSocket frame has around them.

const params = { name: "shop", pace: "1" };
const series = 40;
const changing = 24;
let clock: ManualClock;
let app: NexiosApp;
let shop: BusyShop;
let url: string;
const clients: Client[] = [];

beforeEach(async () => {
  clock = new ManualClock();
  shop = new BusyShop(createRandom(1));
  app = new NexiosApp({ clock, env: {}, auth: { jwt: { secret: "0123456789abcdef0123456789abcdef" } } });
  addDashboards(app, {
    views: { shop: { authorize: () => true } },
    read: () => shop.metrics.read(),
    paces: [{ seconds: 1, steps: 300 }],
    keepsWindows: false,
    clock,
  });
  url = (await app.listen({ port: 0 })).url;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await app.stop({ deadlineMs: 200 });
});

async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) {
    shop.passSecond();
    await clock.advance(1_000);
    await vi.waitFor(async () => expect((await app.room(dashboardRoom, params).state()).tick).toBe(clock.now() / 1_000));
  }
}

/** A viewer, and all messages that it is sent. */
async function visit(): Promise<{ readonly received: readonly string[]; readonly tick: () => number | undefined }> {
  const received: string[] = [];
  const client = createClient({
    url: `${url}/realtime`,
    token: () => app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 3_600 }),
    world: {
      connect: (to, subprotocol, events) =>
        browserWorld.connect(to, subprotocol, {
          ...events,
          onMessage(message) {
            received.push(String(message));
            events.onMessage(message);
          },
        }),
    },
  });
  clients.push(client);
  const room = client.join(dashboardRoom, params);
  await vi.waitFor(() => expect(room.status.kind).toBe("live"));
  return { received, tick: () => room.state?.tick };
}

/** How many points a step's frame holds. */
function changesIn(frame: string): number {
  const [, points = ""] = /"frame":\[\d+((?:,[^\]]+)?)\]/.exec(frame) ?? [];
  return (points.split(",").length - 1) / 2;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

test("a step in which 24 of 40 series have changed is at most 300 bytes on the wire", async () => {
  await pass(3);
  const { received, tick } = await visit();
  await pass(60);
  await vi.waitFor(() => expect(tick()).toBe(clock.now() / 1_000));

  const frames = received.flatMap((message) => message.split("\n")).filter((frame) => frame.includes('"frame"'));

  const whole = frames.filter((frame) => changesIn(frame) === changing);
  expect(whole.length).toBeGreaterThan(20);
  expect(Math.max(...frames.map(bytesOf))).toBeLessThanOrEqual(300);
  expect(frames).toHaveLength(60);
}, 30_000);

test("a window of 40 series over 300 steps is at most 25 kB on the wire, and comes with the first answer", async () => {
  await pass(301);

  const { received, tick } = await visit();

  const state = await app.room(dashboardRoom, params).state();
  expect([state.columns.length, state.columns[0]?.values.length, tick()]).toEqual([series, 300, state.tick]);
  expect(received.reduce((sum, message) => sum + bytesOf(message), 0)).toBeLessThanOrEqual(25_000);
}, 30_000);
