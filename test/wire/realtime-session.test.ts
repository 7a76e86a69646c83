import { HandshakeRefused, ManualClock } from "nexios/testing";
import { expect, test } from "vitest";
import { binary, createDoorman, issue, json, openApp, secret, visit, visitRoom } from "./realtime-house.ts";

test.each([json, binary])("hello and joins ride in one message, and calls, questions and entries follow: %s", async (subprotocol) => {
  await using app = openApp(createDoorman());
  const ann = await visit(app, { subprotocol });
  const [first, second] = [ann.join("words/1"), ann.join("words/2")];

  ann.send(ann.hello(await issue(app, "ann")), first, second, { kind: "ping", sentAt: 12.5 });
  const welcome = await ann.next("welcome");
  const joined = await ann.reply(first.id);
  await ann.reply(second.id);
  const room = joined.kind === "joined" ? joined.room : 0;
  const snapshot = await ann.next("snapshot");
  const said = await ann.say(room, "hello");
  ann.send({ kind: "ask", id: 99, room, name: "count", input: undefined });
  const answer = await ann.reply(99);

  expect(ann.peer.subprotocol).toBe(subprotocol);
  expect(welcome).toMatchObject({ userId: "ann", name: "ann", messageBytes: 65_536, messageFrames: 256 });
  expect(welcome.expiresInMs).toBeGreaterThan(3_590_000);
  expect((await ann.next("pong")).sentAt).toBe(12.5);
  expect(joined).toMatchObject({ kind: "joined", snapshot: "new" });
  expect(Buffer.from(snapshot.payload.bytes).toString()).toBe("[]");
  expect(said).toMatchObject({ kind: "accepted", position: { count: 1 } });
  expect(await ann.heard(1)).toEqual(["hello"]);
  expect(answer).toMatchObject({ kind: "answered", value: new Uint8Array([0x31]) });
});

test("members of both subprotocols hear the same, in the same order", async () => {
  await using app = openApp(createDoorman());
  const { visitor: ann, room } = await visitRoom(app, "ann", "words/1", json);
  const { visitor: bob } = await visitRoom(app, "bob", "words/1", binary);

  for (const word of ["a", "ü", "c"]) await ann.say(room, word);

  expect([await ann.heard(3), await bob.heard(3)]).toEqual([
    ["a", "ü", "c"],
    ["a", "ü", "c"],
  ]);
});

test("the first subprotocol that the client offers and the server speaks is selected", async () => {
  await using app = openApp(createDoorman());

  const peer = await app.connect("/realtime", { subprotocols: ["nexios.v9.json", binary, json] });

  expect(peer.subprotocol).toBe(binary);
});

test.each([[["graphql-ws", "mqtt"]], [["nexios.auth", "abc"]], [[]]])("who speaks no subprotocol of ours is let in and told so: %o", async (subprotocols) => {
  await using app = openApp(createDoorman());

  const peer = await app.connect("/realtime", { subprotocols });

  expect(await peer.closed).toEqual({ code: 4400, reason: "the subprotocol must be nexios.v1.json or nexios.v1.bin" });
});

test("a token may come with the upgrade too, as a header or as the subprotocol pair, and that of the hello comes first", async () => {
  await using app = openApp(createDoorman());
  const token = await issue(app, "ann");
  const byHeader = await visit(app, { token });
  const byPair = await app.connect("/realtime", { subprotocols: [json, "nexios.auth", token] });
  const both = await visit(app, { token });

  byHeader.send(byHeader.hello());
  byPair.sendText('{"t":"o"}');
  both.send(both.hello(await issue(app, "bob")));

  expect((await byHeader.next("welcome")).userId).toBe("ann");
  expect(await byPair.nextJson()).toMatchObject({ t: "o", u: "ann" });
  expect((await both.next("welcome")).userId).toBe("bob");
});

test("without a good token the connection is closed with 4401 and a code", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock });
  const expired = await issue(app, "ann", 1);
  await clock.advance(2_000);
  const visitors = [];
  for (const [inHello, atUpgrade] of [[undefined], ["nonsense"], [expired], [undefined, "nonsense"], [undefined, expired]]) {
    const visitor = await visit(app, atUpgrade === undefined ? {} : { token: atUpgrade });
    visitor.send(visitor.hello(inHello), visitor.join("words/1"));
    visitors.push(visitor);
  }

  const endings = await Promise.all(visitors.map(({ peer }) => peer.closed));

  expect(endings.map(({ code, reason }) => `${code} ${reason}`)).toEqual([
    "4401 UNAUTHORIZED",
    "4401 TOKEN_INVALID",
    "4401 TOKEN_EXPIRED",
    "4401 TOKEN_INVALID",
    "4401 TOKEN_EXPIRED",
  ]);
});

test("who says no hello is closed with 4508 after five seconds, and not before", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock });
  const { peer } = await visit(app);
  let ended = false;
  void peer.closed.then(() => (ended = true));

  await clock.advance(4_999);
  const early = ended;
  await clock.advance(1);

  expect([early, await peer.closed]).toEqual([false, { code: 4508, reason: "no hello in time" }]);
});

test("a page of another origin is refused with 403, and a token in the URL with 400", async () => {
  await using app = openApp(createDoorman());
  const token = await issue(app, "ann");

  const foreign = app.connect("/realtime", { subprotocols: [json], headers: { origin: "https://evil.example" } });
  const inUrl = app.connect(`/realtime?token=${token}`, { subprotocols: [json] });

  await Promise.all([expect(foreign).rejects.toBeInstanceOf(HandshakeRefused), expect(inUrl).rejects.toBeInstanceOf(HandshakeRefused)]);
  await expect(foreign).rejects.toMatchObject({ status: 403 });
  await expect(inUrl).rejects.toMatchObject({ status: 400, body: expect.stringContaining("TOKEN_IN_URL") });
});

test("the address and the methods are options, and a plain request is told that this is a WebSocket", async () => {
  const guests = async () => ({ user: { id: "guest", name: "Guest" } });
  await using app = openApp(createDoorman(), { auth: { jwt: { secret }, guests }, realtime: { path: "/live", auth: ["guests"] } });
  const peer = await app.connect("/live", { subprotocols: [json] });
  const plain = await app.request("/live");

  peer.sendText('{"t":"o"}');

  expect(await peer.nextJson()).toMatchObject({ t: "o", u: "guest", n: "Guest" });
  expect(plain.status).toBe(426);
});

test("a method that nobody gave is a mistake that the start tells", async () => {
  const app = openApp(createDoorman(), { realtime: { auth: ["cookie"] } });

  await expect(app.start()).rejects.toThrow('auth(["cookie"])');

  await app.stop();
});
