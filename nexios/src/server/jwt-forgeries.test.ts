import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { expect, test } from "vitest";
import { ManualClock } from "../testing/index.ts";
import type { Credentials, Identity } from "./identity.ts";
import { createTokens, type TokenUser } from "./jwt.ts";

const secret = "a secret of thirty-two bytes at least";
const clock = new ManualClock();
const nowSeconds = Math.floor(clock.now() / 1000);
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
const tokens = createTokens(
  { secret, issuer: "https://id.example", audience: "nexios", keys: [{ id: "rsa-1", key: rsa.publicKey, algorithms: ["RS256"] }] },
  clock,
);
const good = { sub: "ann", iss: "https://id.example", aud: "nexios", exp: nowSeconds + 60 };
const pem = rsa.publicKey.export({ type: "spki", format: "pem" });
const valid = bySecret(good);
const [head, body, signature] = valid.split(".") as [string, string, string];

const forgeries: Readonly<Record<string, string>> = {
  "alg none without a signature": `${part({ alg: "none", typ: "JWT" })}.${body}.`,
  "alg None with the signature of a good token": `${part({ alg: "None", typ: "JWT" })}.${body}.${signature}`,
  "alg none in capitals, with a kid": `${part({ alg: "NONE", kid: "rsa-1" })}.${body}.`,
  "no alg": bySecret(good, { alg: undefined }),
  "HS256 with the public key as PEM for a secret": bySecret(good, {}, pem),
  "HS256 with the public key as PEM for a secret, under the key's kid": bySecret(good, { kid: "rsa-1" }, pem),
  "HS256 with the public key as DER for a secret": bySecret(good, { kid: "rsa-1" }, rsa.publicKey.export({ type: "spki", format: "der" })),
  "HS256 with the public key as JWK for a secret": bySecret(good, { kid: "rsa-1" }, JSON.stringify(rsa.publicKey.export({ format: "jwk" }))),
  "kid as a path to an empty file, signed with nothing": bySecret(good, { kid: "../../../../dev/null" }, ""),
  "kid as a path, signed with the secret": bySecret(good, { kid: "/etc/hostname" }),
  "kid as a URL": bySecret(good, { kid: "http://127.0.0.1:1/key" }),
  "kid as SQL": bySecret(good, { kid: "x' UNION SELECT 'known'; --" }),
  "kid as a property that every object has": bySecret(good, { kid: "__proto__" }),
  "kid that is no text": bySecret(good, { kid: ["rsa-1"] }),
  "a key of its own in jwk": byKey({ kid: undefined, jwk: foreign.publicKey.export({ format: "jwk" }) }, foreign.privateKey),
  "a key of its own behind jku": byKey({ jku: "http://127.0.0.1:1/jwks.json" }, foreign.privateKey),
  "a certificate of its own behind x5u": byKey({ x5u: "http://127.0.0.1:1/cert.pem", x5c: ["MIIB"] }, foreign.privateKey),
  "a critical header that nobody knows": bySecret(good, { crit: ["nexios"], nexios: true }),
  "no exp": bySecret({ ...good, exp: undefined }),
  "no sub": bySecret({ ...good, sub: undefined }),
  "an empty sub": bySecret({ ...good, sub: "" }),
  "a sub that is a number": bySecret({ ...good, sub: 7 }),
  "a sub of 257 characters": bySecret({ ...good, sub: "x".repeat(257) }),
  "exp that is a text": bySecret({ ...good, exp: "tomorrow" }),
  "nbf in the future": bySecret({ ...good, nbf: nowSeconds + 5 }),
  "nbf that is a text": bySecret({ ...good, nbf: "now" }),
  "a wrong issuer": bySecret({ ...good, iss: "https://id.example.evil" }),
  "no issuer": bySecret({ ...good, iss: undefined }),
  "a wrong audience": bySecret({ ...good, aud: "nexios2" }),
  "no audience": bySecret({ ...good, aud: undefined }),
  "a type that is not for logging in": bySecret(good, { typ: "password-reset" }),
  "a foreign key under a known kid": byKey({}, foreign.privateKey),
  "a foreign secret": bySecret(good, {}, "b secret of thirty-two bytes at least"),
  "an algorithm that the key is not for": byKey({ alg: "RS512" }, rsa.privateKey, "sha512"),
  "the right key without its kid": byKey({ kid: undefined }, rsa.privateKey),
  truncated: valid.slice(0, -10),
  "without its signature": `${head}.${body}.`,
  "one character of the signature changed": `${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
  "the payload of another": `${head}.${part({ ...good, sub: "root" })}.${signature}`,
  "an extra dot": `${valid}.`,
  "five parts": `${valid}.x.y`,
  empty: "",
  "dots alone": "..",
  "a payload that is not JSON": bySecret("{"),
  "a payload that is a list": bySecret([good]),
  huge: `${head}.${"A".repeat(1_000_000)}.${signature}`,
  "line breaks within": `${head}.\r\n${body}.${signature}`,
};

test.each(Object.entries(forgeries))("a forged token is refused: %s", async (_name, token) => {
  await expect(read(token)).rejects.toMatchObject({ code: "TOKEN_INVALID", status: 401 });
});

test("a token that has run out is refused as such", async () => {
  await expect(read(bySecret({ ...good, exp: nowSeconds }))).rejects.toMatchObject({ code: "TOKEN_EXPIRED", status: 401 });
});

test("the good tokens that forgeries are made from pass", async () => {
  for (const token of [valid, byKey({}, rsa.privateKey), bySecret({ ...good, sub: "x".repeat(256) }), bySecret({ ...good, nbf: nowSeconds })]) {
    expect((await read(token))?.user.id).toMatch(/^ann$|^x{256}$/);
  }
});

function read(token: string): Promise<Identity<TokenUser> | undefined> {
  const credentials: Credentials = { token, header: () => undefined, cookie: () => undefined };
  return tokens.authenticate(credentials);
}

function bySecret(claims: unknown, header: Readonly<Record<string, unknown>> = {}, key: string | Buffer = secret): string {
  const signed = `${part({ alg: "HS256", typ: "JWT", ...header })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

function byKey(header: Readonly<Record<string, unknown>>, key: KeyObject, hash = "sha256"): string {
  const signed = `${part({ alg: "RS256", kid: "rsa-1", ...header })}.${part(good)}`;
  return `${signed}.${sign(hash, Buffer.from(signed), key).toString("base64url")}`;
}

function part(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}
