import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Proxy, ProxyOptions } from "../../commands/services/proxy.ts";
import { findPort } from "../../commands/services/find-port.ts";
import { type House, openHouse } from "./house.ts";
import { board } from "./served-app.ts";

/** What every proxy of `docs/deploy` does. */
export function testProxy(start: (options: ProxyOptions) => Promise<Proxy>): void {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({ start, idleMs: 1_500, env: { PING_MS: "300", PONG_MS: "60000" } });
  }, 60_000);

  afterAll(() => house.close());

  test("a room is joined and called through it", async () => {
    const room = house.enter("ann").join(board, { id: "joined" });

    const outcome = await room.call("put", { text: "hello" });

    expect(outcome.kind).toBe("accepted");
    expect(room.state).toEqual({ texts: ["hello"] });
  });

  test("a connection on which nobody speaks outlives the proxy's idle time, since the server pings", async () => {
    const client = house.enter("bob", { limits: { pingMs: 1_000_000 } });
    const room = client.join(board, { id: "silent" });
    await room.ask("where");
    const lost: string[] = [];
    client.onChange(() => {
      if (client.status.kind !== "live") lost.push(client.status.kind);
    });

    // One that answers no ping is the measure: the server waits for its pong, in silence, and the proxy cuts it.
    await once(await openRaw("/echo"), "close");
    await room.call("put", { text: "still here" });

    expect(lost).toEqual([]);
  });

  test("the app sees the client's address, and not what the client wrote", async () => {
    const answer = await fetch(`${house.proxy.url}/address`, { headers: { "x-forwarded-for": "203.0.113.7" } });

    expect(await answer.text()).toBe("127.0.0.1");
  });

  test("a 503 of the app goes through with its Retry-After, and what was posted is posted once", async () => {
    const answer = await fetch(`${house.proxy.url}/full`, { method: "POST", body: "x" });
    const posted = await Promise.all(house.ports.map(async (port) => Number(await (await fetch(`http://127.0.0.1:${port}/posted`)).text())));

    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([503, "7", { code: "OVERLOADED", message: "Come back later" }]);
    expect(posted[0]! + posted[1]!).toBe(1);
  });

  test("a body above the app's limit is refused", async () => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const sent = request(`${house.proxy.url}/full`, { method: "POST", headers: { "content-length": 1_048_577 } }, ({ statusCode }) => resolve(statusCode));
    sent.on("error", () => undefined).flushHeaders();

    expect(await promise).toBe(413);
    sent.destroy();
  });

  test("no token is in its logs, wherever a client has put it, and whether or not a process answers", async () => {
    const secret = "s3cr3t-of-ann";
    const headers = { authorization: `Bearer ${secret}`, referer: `http://a.example/?token=${secret}` };
    const room = house.enter(secret).join(board, { id: "logged" });
    await room.call("put", { text: "hello" });
    const away = await start({ appPorts: [await findPort(), await findPort()] });

    const statuses = await Promise.all([house.proxy, away].map(async ({ url }) => (await fetch(`${url}/where?token=${secret}`, { headers })).status));

    expect(statuses).toEqual([200, expect.toBeOneOf([502, 503])]);
    for (const proxy of [house.proxy, away]) {
      await vi.waitFor(() => expect(proxy.log()).toMatch(/GET \/where /), 10_000);
      expect(proxy.log()).not.toContain(secret);
    }
    await away.stop();
  });

  /** A WebSocket that says nothing, and answers nothing. */
  async function openRaw(path: string): Promise<ReturnType<typeof connect>> {
    const socket = connect(house.proxy.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${house.proxy.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString("latin1")).toMatch(/^HTTP\/1.1 101 /);
    return socket.resume();
  }
}
