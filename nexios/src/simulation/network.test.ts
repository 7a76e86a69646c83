import { expect, test } from "vitest";
import { drive } from "./drive.fixture.ts";
import type { Link } from "./link.ts";
import { Network, type ServerEnd } from "./network.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

interface Bench {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly clock: VirtualClock;
  readonly accepted: Link[];
  readonly server: ServerEnd & { isUp: boolean };
}

function open(): Bench {
  const scheduler = new Scheduler();
  const clock = new VirtualClock(scheduler, { startAt: 0, skewMs: 0 });
  const accepted: Link[] = [];
  const server = {
    gate: clock,
    isUp: true,
    accept(link: Link): void {
      accepted.push(link);
      link.server.send(Uint8Array.of(accepted.length));
    },
  };
  return { scheduler, network: new Network(scheduler, createRandom(1)), clock, accepted, server };
}

test("a client that connects gets what the server has sent at once, after it has its link", async () => {
  const { scheduler, network, server } = open();

  const link = await drive(scheduler, network.connect(server));
  const connectedAt = scheduler.now;
  const got: number[] = [];
  link.client.onMessage = (message) => got.push(...message);
  await scheduler.run(40);

  expect([connectedAt > 2 && connectedAt < 80, got]).toEqual([true, [1]]);
});

test("a process that is down refuses", async () => {
  const { scheduler, network, server, accepted } = open();
  server.isUp = false;

  await expect(drive(scheduler, network.connect(server))).rejects.toMatchObject({ code: "UNAVAILABLE" });

  expect(scheduler.now).toBeLessThan(40);
  expect(accepted).toEqual([]);
});

test("a client gives up a process that does not accept within 10 s, and the process gets no link of it later", async () => {
  const { scheduler, network, server, accepted, clock } = open();
  clock.stall(12_000);

  await expect(drive(scheduler, network.connect(server))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  const gaveUpAt = scheduler.now;
  await scheduler.run(10_000);

  expect([gaveUpAt, accepted.length]).toEqual([10_000, 0]);
});

test("a client whose process dies while it connects is told, at the latest after it has its link", async () => {
  const { scheduler, network, server, accepted } = open();

  const connecting = network.connect(server);
  await scheduler.runUntil(() => accepted.length > 0, 1_000);
  for (const link of accepted) link.kill(link.server);
  const link = await drive(scheduler, connecting);
  let closed = 0;
  link.client.onClose = () => closed++;
  await scheduler.run(1_000);

  expect(closed).toBe(1);
});
