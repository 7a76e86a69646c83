import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { startHaproxy } from "../../commands/services/haproxy.ts";
import { openHouse } from "./house.ts";
import { testProxy } from "./test-proxy.ts";

testProxy(startHaproxy);

test("a process that is not ready gets nothing new, and keeps what it has", async () => {
  const house = await openHouse({ start: startHaproxy, env: { NOT_READY_MS: "60000" } });
  await house.untilBothServe();
  const sockets = [0, 1, 2, 3].map(() => new WebSocket(`ws://127.0.0.1:${house.proxy.port}/echo`));
  await Promise.all(sockets.map((socket) => once(socket, "open")));
  const where = async (url: string): Promise<number> => ((await (await fetch(`${url}/where`)).json()) as { port: number }).port;

  house.processes[0]!.child.kill("SIGTERM");
  await vi.waitFor(
    async () => {
      for (let tries = 0; tries < 10; tries++) expect(await where(house.proxy.url)).toBe(house.ports[1]);
    },
    { timeout: 25_000, interval: 200 },
  );

  expect(await where(`http://127.0.0.1:${house.ports[0]}`)).toBe(house.ports[0]);
  expect(sockets.map(({ readyState }) => readyState)).toEqual(sockets.map(() => WebSocket.OPEN));
  for (const socket of sockets) socket.close();
  await house.close();
}, 60_000);
