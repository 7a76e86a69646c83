import { auth, Channel, NexiosApp } from "nexios";
import { connect, type Peer } from "nexios/testing";
import { expect, test } from "vitest";
import { calm } from "./calm-load.ts";
import { answerTo, openRaw, upgradeHead } from "./raw-socket.ts";

const secret = "a secret of thirty-two bytes at least";

const nastyNames: readonly string[] = [
  "*",
  "**",
  "?",
  "a",
  "A",
  "a:b",
  "a:",
  ":b",
  "group:a",
  "{x}",
  "{a}b",
  ":x",
  "nul\0",
  "nul",
  "\0",
  "../",
  "../../etc/passwd",
  "a/b",
  "a\\b",
  "a%2fb",
  "%00",
  "a b",
  " a",
  "a ",
  "\t",
  "a\r\nb",
  "\u001b[31m",
  "\u202eabc",
  "caf\u00e9",
  "cafe\u0301",
  "\u212b",
  "\u00c5",
  "A\u030a",
  "ﬁ",
  "fi",
  "ß",
  "SS",
  "İ",
  "i",
  "\ud83d\ude00",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "null",
  "undefined",
  "0",
  "-0",
  "00",
  "1e0",
  "'; DROP TABLE groups; --",
  "<script>alert(1)</script>",
  "${x}",
  "x".repeat(256),
  "x".repeat(255),
];

test("groups with nasty names never cross: each gets its own message and no other", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { groupsPerConnection: 1 } });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), await ws.receiveText());
    await ws.sendJson("in");
    await ws.receiveText();
  });
  const peers: Peer[] = [];
  for (const name of nastyNames) {
    const peer = await connect(app, "/");
    peer.sendText(name);
    await peer.nextJson();
    peers.push(peer);
  }

  const reports = nastyNames.map((name) => app.channels.groupSend(name, { name }));
  for (const name of nastyNames) app.channels.groupSend(name, "end");

  expect(reports.every(({ handed }) => handed === 1)).toBe(true);
  for (const [at, peer] of peers.entries()) expect([await peer.nextJson(), await peer.nextJson()]).toEqual([{ name: nastyNames[at] }, "end"]);
  expect(app.channels.groupNames).toHaveLength(nastyNames.length);
});

test("users with nasty ids never cross: none replaces another's connection, and each is who its token says", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { connectionsPerUser: 1 } });
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    for await (const _ of ws.messages()) await ws.sendJson(ws.user.id);
  });
  const peers: Peer[] = [];
  for (const sub of nastyNames) peers.push(await connect(app, "/", { token: await app.tokens.issue({ sub }, { expiresInSeconds: 60 }) }));

  const ids: unknown[] = [];
  for (const peer of peers) {
    peer.sendJson(1);
    ids.push(await peer.nextJson());
  }

  expect(ids).toEqual(nastyNames);
  expect(app.connectionCount).toBe(nastyNames.length);
});

test("parameters with nasty values reach the handler as they are", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { connectsPerAddress: { perSecond: Infinity, burst: Infinity } } });
  app.wsRoute("/room/{name}/end", async (ws) => {
    await ws.accept();
    await ws.sendJson(ws.params);
  });

  for (const name of nastyNames) {
    const peer = await connect(app, `/room/${encodeURIComponent(name)}/end`);
    expect(await peer.nextJson()).toEqual({ name });
  }
});

const waysRound: readonly string[] = [
  "/admin/x",
  "/admin//x",
  "//admin/x",
  "/./admin/x",
  "/a/../admin/x",
  "/admin/./x",
  "/admin/y/../x",
  "/%61dmin/x",
  "/admin/%78",
  "/admin%2fx",
  "/admin/x/",
  "/admin/x%00",
  "/admin/x;a=b",
  "/admin/x?y",
  "/admin\\x",
  "/\\admin/x",
  "/%2e/admin/x",
  "/a/%2e%2e/admin/x",
  "/a/..%2fadmin/x",
  "/%2561dmin/x",
  "/ADMIN/x",
  "/admin\t/x",
];

test.each(waysRound)("no way of writing a path leads round the guard before it: %s", async (path) => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  app.use("/admin", auth(["jwt"]));
  app.wsRoute("/admin/x", async (ws) => {
    await ws.accept();
    await ws.receiveText();
  });
  app.get("/admin/x", (c) => c.text("secret"));
  const { port } = await app.listen({ port: 0 });

  const upgrade = await answerTo(port, upgradeHead(path));
  const plain = await answerTo(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);

  expect(upgrade).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(plain).toMatch(/^HTTP\/1\.1 4\d\d /);
});

const hostilePaths: readonly (readonly [string, string])[] = [
  ["half of an escape", "/room/%"],
  ["an escape that is no UTF-8", "/room/%c0%af"],
  ["an escape that is no hex", "/room/%zz"],
  ["8,000 slashes", "/".repeat(8_000)],
  ["4,000 steps up", "/..".repeat(4_000)],
  ["4,000 segments", "/a".repeat(4_000)],
  ["8,000 times one letter", `/room/${"a".repeat(8_000)}!`],
  ["a query of 4,000 parameters", `/nowhere?${"a&".repeat(4_000)}`],
  ["a token of 8,000 characters that is almost one", `/nowhere?a=eyJ${"a".repeat(4_000)}.${"a".repeat(4_000)}!`],
  ["a fragment", "/nowhere#x"],
  ["escapes of escapes", `/room/${"%25".repeat(2_500)}/x`],
];

test.each(hostilePaths)("a hostile path is answered like any other, and hurts nobody: %s", async (_what, path) => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  app.wsRoute("/room/{name}", async (ws) => {
    await ws.accept();
    await ws.sendText("welcome");
  });
  app.use("/room", (_c, next) => next());
  const { port, url } = await app.listen({ port: 0 });

  const plain = await answerTo(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  const upgrade = await openRaw(port);
  await upgrade.write(upgradeHead(path));
  await upgrade.until(({ text }) => text.includes("\r\n\r\n"));
  upgrade.destroy();
  const peer = await connect(url, "/room/good");

  expect(plain).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(upgrade.text).toMatch(/^HTTP\/1\.1 (?:4\d\d|101) /);
  expect(await peer.next()).toBe("welcome");
});
