import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type PostgresServer, startPostgres } from "../../commands/services/postgres.ts";
import type { Proxy, ProxyOptions } from "../../commands/services/proxy.ts";
import { type RedisServer, startRedis } from "../../commands/services/redis-server.ts";
import { CuttableWire } from "../wire/cuttable-wire.ts";
import { Crowd, type Room, whereIs } from "./crowd.ts";
import { type House, openHouse } from "./house.ts";
import { board, book } from "./served-app.ts";

/** What holds through every proxy of `docs/deploy` while the processes behind it stop and start. */
export function testRestarts(start: (options: ProxyOptions) => Promise<Proxy>, env: Readonly<Record<string, string>>): void {
  let redis: RedisServer;
  let postgres: PostgresServer;
  let house: House;

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    house = await openHouse({ start, env: { REDIS_URL: redis.url, DATABASE_URL: postgres.url, ...env } });
  }, 90_000);

  afterEach(() => house.leave());

  afterAll(async () => {
    await house.close();
    await Promise.all([redis.stop(), postgres.close()]);
  });

  test("both processes are restarted under load, one after the other: no call is lost or done twice, and everybody has every entry once, in order", async () => {
    const crowd = await Crowd.enter(house, "restarted");

    for (const index of [0, 1] as const) {
      await crowd.hears(20);
      expect(await house.restart(index)).toBe(0);
      await crowd.hears(20);
    }

    expect(await crowd.finish()).toEqual([]);
    expect(crowd.places.size).toBe(2);
  }, 120_000);

  test("a process that stops is not ready first, with all as before, and when it is gone its people are at the other one", async () => {
    await house.untilBothServe();
    const crowd = await Crowd.enter(house, "drained");
    const [{ child, ended }, port] = [house.processes[0]!, house.ports[0]];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`);
    const closed = once(socket, "close");
    await once(socket, "open");
    expect(new Set(await crowd.placesNow())).toEqual(new Set(house.ports));

    child.kill("SIGTERM");
    await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(503), 10_000);
    const stateThen = socket.readyState;
    await Promise.all([closed, ended]);

    expect(stateThen).toBe(WebSocket.OPEN);
    expect(new Set(await crowd.placesNow())).toEqual(new Set([house.ports[1]]));
    await house.restart(0);
    expect(await crowd.finish()).toEqual([]);
  }, 120_000);

  test("a client that comes back to one process and the other goes on where it stood, each time", async () => {
    await house.untilBothServe();
    const wire = new CuttableWire(house.proxy.port);
    await wire.open();
    // Not through the proxy, which then counts nobody but the mover.
    const writer = house.enter("ann", { port: house.ports[0] });
    const mover = house.enter("bob", { port: wire.port, limits: { retryMs: 20, longestRetryMs: 50 } });
    const id = "moved";
    const pairs: readonly (readonly [Room, Room])[] = [
      [writer.join(board, { id }), mover.join(board, { id })],
      [writer.join(book, { id }), mover.join(book, { id })],
    ];
    for (const [theirs, mine] of pairs) {
      const heard: string[] = [];
      mine.onEntry(({ value }) => heard.push(value.text));
      const places: number[] = [await whereIs(mine)];

      const written: string[] = [];
      while (places.length < 40 && places.filter((port, at) => at > 0 && port !== places[at - 1]).length < 4) {
        const open = wire.cut();
        written.push(`away ${places.length}`);
        await theirs.call("put", { text: written.at(-1)! });
        open();
        places.push(await whereIs(mine));
        expect(mine.lastResume?.why).toBeUndefined();
      }

      await vi.waitFor(() => expect(heard).toEqual(written), 10_000);
      expect(new Set(places)).toEqual(new Set(house.ports));
    }
    wire.close();
  }, 60_000);
}
