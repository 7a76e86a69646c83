import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { NexiosApp } from "../app/app.ts";
import { connect, ManualClock } from "../testing/index.ts";
import type { Peer } from "./peer.ts";
import { auth } from "./auth.ts";
import type { Credentials } from "./identity.ts";
import { createTokens } from "./jwt.ts";

const secret = "a secret of thirty-two bytes at least";

test("a token of ours names its user, by name if it has one, with its claims and its end", async () => {
  const clock = new ManualClock();
  const tokens = createTokens({ secret, issuer: "us", audience: "them" }, clock);

  const named = await tokens.issue({ sub: "ann", name: "Ann", role: "cook" }, { expiresInSeconds: 60 });
  const plain = await tokens.issue({ sub: "bob" }, { expiresInSeconds: 60 });

  expect(await tokens.authenticate(withToken(named))).toMatchObject({
    user: { id: "ann", name: "Ann", claims: { role: "cook", iss: "us", aud: "them" } },
    expiresAt: clock.now() + 60_000,
  });
  expect(await tokens.authenticate(withToken(plain))).toMatchObject({ user: { id: "bob", name: "bob" } });
});

test("a token holds until its last millisecond and not one longer", async () => {
  const clock = new ManualClock();
  const tokens = createTokens({ secret }, clock);
  const token = await tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });

  await clock.advance(59_999);
  const last = await tokens.authenticate(withToken(token));
  await clock.advance(1);

  expect(last).toMatchObject({ user: { id: "ann" } });
  await expect(tokens.authenticate(withToken(token))).rejects.toMatchObject({ code: "TOKEN_EXPIRED", status: 401 });
});

test("no token is no identity, so that the next method is asked", async () => {
  expect(await createTokens({ secret }, new ManualClock()).authenticate(withToken(undefined))).toBeUndefined();
});

test("a secret of 32 bytes is enough, one of 31 is a mistake, and without one nothing can be issued", async () => {
  const clock = new ManualClock();

  expect(() => createTokens({ secret: "x".repeat(31) }, clock)).toThrow(TypeError);
  expect(() => createTokens({ secret: new Uint8Array(32) }, clock)).not.toThrow();
  await expect(createTokens({}, clock).issue({ sub: "ann" }, { expiresInSeconds: 1 })).rejects.toThrow(TypeError);
});

test("several keys live side by side, each found by its kid and for its own algorithms alone", async () => {
  const [rsa, ec] = [generateKeyPairSync("rsa", { modulusLength: 2048 }), generateKeyPairSync("ec", { namedCurve: "P-256" })];
  const keys = [
    { id: "rsa-1", key: rsa.publicKey, algorithms: ["RS256"] },
    { id: "ec-1", key: ec.publicKey, algorithms: ["ES256"] },
  ];
  const tokens = createTokens({ keys }, new ManualClock(Date.now()));

  const [byRsa, byEc, crossed] = [await sign("RS256", "rsa-1", rsa), await sign("ES256", "ec-1", ec), await sign("RS256", "ec-1", rsa)];

  expect(await tokens.authenticate(withToken(byRsa))).toMatchObject({ user: { id: "ann" } });
  expect(await tokens.authenticate(withToken(byEc))).toMatchObject({ user: { id: "ann" } });
  await expect(tokens.authenticate(withToken(crossed))).rejects.toMatchObject({ code: "TOKEN_INVALID" });
});

test.each([
  ["of a key", "static"],
  ["of a set of keys", "remote"],
])("a token %s must name the type that is expected, in any case, and no token of another type or none is taken", async (_whose, source) => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await using published = await publish([{ ...ec.publicKey.export({ format: "jwk" }), kid: "k", alg: "ES256" }]);
  const keys =
    source === "static" ? { keys: [{ id: "k", key: ec.publicKey, algorithms: ["ES256"] }] } : { jwks: { url: published.url, algorithms: ["ES256"] } };
  const tokens = createTokens({ ...keys, type: "at+jwt" }, new ManualClock(Date.now()));
  const authenticate = async (typ?: string): Promise<unknown> => tokens.authenticate(withToken(await sign("ES256", "k", ec, typ)));

  const taken = await Promise.all([authenticate("at+jwt"), authenticate("AT+JWT")]);

  expect(taken).toMatchObject([{ user: { id: "ann" } }, { user: { id: "ann" } }]);
  for (const typ of ["JWT", "application/at+jwt", "at+jwt ", "", undefined])
    await expect(authenticate(typ)).rejects.toMatchObject({ code: "TOKEN_INVALID", status: 401 });
});

test("an expected type is that of foreign tokens: our own, signed with the secret, are taken as ever", async () => {
  const tokens = createTokens({ secret, type: "at+jwt" }, new ManualClock());

  const token = await tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });

  expect(await tokens.authenticate(withToken(token))).toMatchObject({ user: { id: "ann" } });
});

test("without an expected type a token of a key may name any, or none", async () => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tokens = createTokens({ keys: [{ id: "k", key: ec.publicKey, algorithms: ["ES256"] }] }, new ManualClock(Date.now()));

  for (const typ of ["JWT", "at+jwt", undefined]) {
    expect(await tokens.authenticate(withToken(await sign("ES256", "k", ec, typ)))).toMatchObject({ user: { id: "ann" } });
  }
});

test("an algorithm of one key is not taken for another, though both keys could", async () => {
  const [first, second] = [generateKeyPairSync("rsa", { modulusLength: 2048 }), generateKeyPairSync("rsa", { modulusLength: 2048 })];
  const keys = [
    { id: "first", key: first.publicKey, algorithms: ["RS256"] },
    { id: "second", key: second.publicKey, algorithms: ["RS512"] },
  ];
  const tokens = createTokens({ keys }, new ManualClock(Date.now()));

  const [own, other] = [await sign("RS256", "first", first), await sign("RS512", "first", first)];

  expect(await tokens.authenticate(withToken(own))).toMatchObject({ user: { id: "ann" } });
  await expect(tokens.authenticate(withToken(other))).rejects.toMatchObject({ code: "TOKEN_INVALID" });
});

test("the keys at an address are rotated under a hundred connections: none is dropped, the new key is taken, and the old one no longer", async () => {
  const [oldKey, newKey] = [generateKeyPairSync("ec", { namedCurve: "P-256" }), generateKeyPairSync("ec", { namedCurve: "P-256" })];
  const published = [{ ...oldKey.publicKey.export({ format: "jwk" }), kid: "old", alg: "ES256" }];
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches++;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const jwks = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`, algorithms: ["ES256"], cooldownMs: 0 };
  await using app = new NexiosApp({ auth: { jwt: { jwks } }, load: calm, limits: { connectionsPerUser: 200 } });
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    for await (const message of ws.messages()) await ws.sendJson(message);
  });
  const { url } = await app.listen({ port: 0 });

  const peers: Peer[] = [];
  for (let at = 0; at < 100; at++) peers.push(await connect(url, "/", { token: await sign("ES256", "old", oldKey) }));
  const fetchesBefore = fetches;
  published.splice(0, 1, { ...newKey.publicKey.export({ format: "jwk" }), kid: "new", alg: "ES256" });
  peers.push(await connect(url, "/", { token: await sign("ES256", "new", newKey) }));
  const refused = connect(url, "/", { token: await sign("ES256", "old", oldKey) });

  await expect(refused).rejects.toMatchObject({ status: 401 });
  expect(fetchesBefore).toBe(1);
  expect(app.connectionCount).toBe(101);
  for (const [at, peer] of peers.entries()) {
    peer.sendJson(at);
    expect(await peer.nextJson()).toBe(at);
  }
  server.close();
  server.closeAllConnections();
});

test("when the keys can't be fetched a token is not called invalid: the client is asked to come back with 503", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  await new Promise((resolve) => server.close(resolve));
  const tokens = createTokens({ jwks: { url, algorithms: ["ES256"] } }, new ManualClock(Date.now()));

  const reading = tokens.authenticate(withToken(await sign("ES256", "any", generateKeyPairSync("ec", { namedCurve: "P-256" }))));

  await expect(reading).rejects.toMatchObject({ code: "OVERLOADED", status: 503, retryAfterMs: 1_000 });
});

function sign(algorithm: string, kid: string, { privateKey }: { readonly privateKey: KeyObject }, typ?: string): Promise<string> {
  const header = { alg: algorithm, kid, ...(typ !== undefined && { typ }) };
  return new SignJWT({ sub: "ann" }).setProtectedHeader(header).setExpirationTime("1h").sign(privateKey);
}

/** A set of keys at an HTTP address. */
async function publish(keys: readonly object[]): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => void response.setHeader("content-type", "application/json").end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function withToken(token: string | undefined): Credentials {
  return { token, header: () => undefined, cookie: () => undefined };
}
