import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { answerTo, openRaw, upgradeHead } from "../../../test/wire/raw-socket.ts";
import { NexiosApp } from "../app/app.ts";
import { connect } from "../testing/index.ts";

const secret = "a secret of thirty-two bytes at least";

/** An app that notes each request that its middleware sees. */
async function house() {
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  const seen: string[] = [];
  app.use(async (c, next) => {
    seen.push(`${c.req.method} ${c.req.path}`);
    await next();
  });
  app.get("/plain", (c) => c.text("plain"));
  app.post("/echo", async (c) => c.text(await c.req.text()));
  app.wsRoute("/live", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    await ws.receiveText();
  });
  return { app, seen, ...(await app.listen({ port: 0 })) };
}

test("middleware that answers several upgrades with one shared response refuses all of them, and the server lives", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  const shared = new Response("closed", { status: 503 });
  app.use("/closed", () => shared);
  app.wsRoute("/closed", (ws) => ws.accept());
  app.wsRoute("/live", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    await ws.receiveText();
  });
  const { url } = await app.listen({ port: 0 });

  const refused = await Promise.allSettled(Array.from({ length: 5 }, () => connect(url, "/closed")));
  const peer = await connect(url, "/live");

  expect(refused.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => "rejected"));
  expect(await peer.next()).toBe("hello");
  expect(app.connectionCount).toBe(1);
});

test.each(["h2c", "h2c, http/1.1", "TLS/1.0", "websockets"])(
  "a request to upgrade to %s is answered like a plain one, and its connection goes on",
  async (protocol) => {
    const { app, seen, port } = await house();
    const raw = await openRaw(port);

    await raw.write(
      ["GET /plain HTTP/1.1", "Host: localhost", "Connection: Upgrade, HTTP2-Settings", `Upgrade: ${protocol}`, "HTTP2-Settings: AAMAAABk", "", ""].join(
        "\r\n",
      ),
    );
    await raw.until(({ text }) => text.endsWith("plain"));
    await raw.write("GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    expect((await raw.ended).match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 426"]);
    expect(seen).toEqual(["GET /plain", "GET /live"]);
    await app.stop();
  },
);

test.each(["Content-Length: 4\r\n\r\nbody", "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"])(
  "the body of a request to upgrade to h2c reaches its handler: %j",
  async (rest) => {
    const { app, port } = await house();

    const answer = await answerTo(port, `POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n${rest}`);

    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nbody$/);
    await app.stop();
  },
);

const unsound: Readonly<Record<string, string>> = {
  "of HTTP/1.0": upgradeHead("/live").replace("HTTP/1.1", "HTTP/1.0"),
  "with two hosts": upgradeHead("/live", ["Host: evil.example"]),
  "with the same host twice": upgradeHead("/live", ["host: localhost"]),
  "that offers a subprotocol twice": upgradeHead("/live", ["Sec-WebSocket-Protocol: chat, chat"]),
};

test.each(Object.entries(unsound))("a handshake %s is refused with 400 before any middleware runs", async (_what, head) => {
  using reports = collectReports();
  const { app, seen, port, url } = await house();

  const answer = await answerTo(port, head);
  const seenOfIt = [...seen];
  const peer = await connect(url, "/live");

  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(seenOfIt).toEqual([]);
  expect(reports.of("error")).toEqual([]);
  expect(await peer.next()).toBe("hello");
  await app.stop();
});
