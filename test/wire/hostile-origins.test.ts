import { NexiosApp } from "nexios";
import { connect } from "nexios/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calm } from "./calm-load.ts";
import { openRaw, upgradeHead } from "./raw-socket.ts";

const lifted = { connectionsPerAddress: Infinity, connectsPerAddress: { perSecond: Infinity, burst: Infinity } };
const app = new NexiosApp({
  auth: { jwt: { secret: "x".repeat(32) } },
  load: calm,
  limits: lifted,
  origins: ["https://app.example", "https://admin.example:8443"],
});
let handled = 0;
app.wsRoute("/", async (ws) => {
  handled++;
  await ws.accept();
  await ws.receiveText();
});
let port = 0;
beforeAll(async () => {
  ({ port } = await app.listen({ port: 0 }));
});
afterAll(() => app.stop());

const allowed: readonly (readonly [string, string | undefined, string])[] = [
  ["no page at all", undefined, "localhost"],
  ["a page of the list", "https://app.example", "localhost"],
  ["a page of the list with its port", "https://admin.example:8443", "localhost"],
  ["a page of the same host", "http://shop.example", "shop.example"],
  ["a page of the same host and port", "http://shop.example:8080", "shop.example:8080"],
  ["a page of the same host behind a proxy that ends TLS", "https://shop.example", "shop.example"],
  ["a page of the same IPv6 address", "http://[::1]:8080", "[::1]:8080"],
];

test.each(allowed)("may connect: %s (%s at %s)", async (_page, origin, host) => {
  expect(await answer(origin, host)).toMatch(/^HTTP\/1\.1 101 /);
});

const refused: readonly (readonly [string, string, string?])[] = [
  ["a sandboxed page", "null"],
  ["an empty origin", ""],
  ["a stranger", "https://evil.example"],
  ["the list's host as a prefix", "https://app.example.evil"],
  ["the list's host as a suffix", "https://evilapp.example"],
  ["a subdomain of the list's host", "https://sub.app.example"],
  ["the parent of the list's host", "https://example"],
  ["the list's host with a trailing dot", "https://app.example."],
  ["the list's host by another scheme", "http://app.example"],
  ["the list's host at another port", "https://app.example:8443"],
  ["the list's host without its port", "https://admin.example"],
  ["the list's host as a user's name", "https://app.example@evil.example"],
  ["the list's host with a user", "https://user:password@app.example"],
  ["the list's host with a slash", "https://app.example/"],
  ["the list's host with a path", "https://app.example/path"],
  ["the list's host with a query", "https://app.example?x"],
  ["the list's host with a fragment", "https://app.example#x"],
  ["the list's host behind a backslash", "https://evil.example\\@app.example"],
  ["a look-alike in Cyrillic, as a browser sends it", "https://xn--pp-6kc.example"],
  ["a look-alike in raw bytes", "https://\u00e0pp.example"],
  ["two origins with a space", "https://app.example https://evil.example"],
  ["two origins with a comma", "https://app.example, https://evil.example"],
  ["a host alone", "app.example"],
  ["no scheme", "//app.example"],
  ["a scheme alone", "https://"],
  ["a file", "file://"],
  ["a text", "data:text/html,x"],
  ["a script", "javascript:alert(1)"],
  ["an extension", "chrome-extension://abcdef"],
  ["a WebSocket's scheme", "wss://app.example"],
  ["the same host at another port", "http://shop.example:81", "shop.example"],
  ["the same host without its port", "http://shop.example", "shop.example:8080"],
  ["the same host by a scheme that is none of the web", "ftp://shop.example", "shop.example"],
  ["a host that is no host", "http://evil.example", "evil.example/"],
  ["a host with a user", "http://evil.example", "user@evil.example"],
];

test.each(refused)("may not connect, and no handler hears of it: %s (%s)", async (_page, origin, host) => {
  const before = handled;

  const text = await answer(origin, host ?? "localhost");

  expect(text).toMatch(/^HTTP\/1\.1 403 /);
  expect(handled).toBe(before);
});

test("of two Origin headers none is believed, whichever comes first", async () => {
  const both = ["https://app.example", "https://evil.example"];

  for (const origins of [both, both.toReversed()]) {
    const raw = await openRaw(port);
    await raw.write(
      upgradeHead(
        "/",
        origins.map((origin) => `Origin: ${origin}`),
      ),
    );
    expect(await raw.ended).toMatch(/^HTTP\/1\.1 403 /);
  }
});

test("after all of them the server still takes who may come", async () => {
  const peer = await connect(`http://127.0.0.1:${port}`, "/", { headers: { origin: "https://app.example" } });

  peer.sendText("bye");

  expect(await peer.closed).toMatchObject({ code: 1000 });
});

async function answer(origin: string | undefined, host: string): Promise<string> {
  const raw = await openRaw(port);
  await raw.write(Buffer.from(upgradeHead("/", origin === undefined ? [] : [`Origin: ${origin}`], host), "latin1"));
  await raw.until(({ text }) => text.includes("\r\n\r\n"));
  raw.destroy();
  return raw.text;
}
