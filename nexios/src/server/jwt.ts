import { createRemoteJWKSet, errors, type CryptoKey, type JWK, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { KeyObject } from "node:crypto";
import { isUserId } from "../contract/user-id.ts";
import type { Clock } from "../world/clock.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Credentials, Identity, User } from "./identity.ts";

/** A key that a token may be signed with. */
export interface JwtKey {
  /** The `kid` that a token names. */
  readonly id: string;
  readonly key: CryptoKey | KeyObject | JWK | Uint8Array;
  /** The algorithms that this key is for. A token that names another is refused. */
  readonly algorithms: readonly string[];
}

/** Where the keys are, and what a token must say. */
export interface JwtOptions {
  /** A shared secret of at least 32 bytes, for HS256: tokens can be issued with it. */
  readonly secret?: string | Uint8Array;
  /** Several keys, told apart by `kid`. */
  readonly keys?: readonly JwtKey[];
  /** A set of keys at an HTTP address, fetched anew when a token names a `kid` that is not known. */
  readonly jwks?: { readonly url: string | URL; readonly algorithms: readonly string[]; readonly cooldownMs?: number };
  readonly issuer?: string;
  readonly audience?: string;
  /** The `typ` that a token of `keys` or `jwks` must name, such as `at+jwt`; any unless given. */
  readonly type?: string;
  /** The cookie that may hold the token; none unless given. */
  readonly cookie?: string;
}

/** The user that a token of ours names, with all that it claims. */
export interface TokenUser extends User {
  readonly claims: JWTPayload;
}

/** What a token to be issued says. */
export interface TokenClaims {
  /** The user's id. */
  readonly sub: string;
  /** The user's name; the id unless given. */
  readonly name?: string;
  readonly [claim: string]: unknown;
}

/** Issues tokens and reads them. */
export interface Tokens {
  /**
   * A token signed with the secret.
   * @throws TypeError when there is no secret, and for a `sub` that no user can have.
   */
  issue(claims: TokenClaims, options: { readonly expiresInSeconds: number }): Promise<string>;
  authenticate(credentials: Credentials): Promise<Identity<TokenUser> | undefined>;
}

const secretBytes = 32;

/** JSON Web Tokens by the rules of RFC 8725: the algorithms of each key are named, `exp` and `sub` are required, and a `kid` is a key of a map and nothing else. */
export function createTokens(options: JwtOptions, clock: Clock): Tokens {
  const secret = typeof options.secret === "string" ? new TextEncoder().encode(options.secret) : options.secret;
  if (secret !== undefined && secret.length < secretBytes) throw new TypeError(`The secret has ${secret.length} bytes; it needs at least ${secretBytes}`);
  const { issuer, audience, cookie } = options;
  const expected = { ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) };
  const toKey = keyFinder(options, secret);
  const algorithms = [
    ...new Set([...(secret === undefined ? [] : ["HS256"]), ...(options.keys ?? []).flatMap((key) => key.algorithms), ...(options.jwks?.algorithms ?? [])]),
  ];

  return {
    async issue(claims, { expiresInSeconds }) {
      if (secret === undefined) throw new TypeError("Tokens are issued with a secret: give `auth.jwt.secret`, or set NEXIOS_SECRET");
      if (!isUserId(claims.sub))
        throw new TypeError(`A token needs a \`sub\`, the user's id: 1 to 256 characters, well formed, and not "nexios", which is the server itself`);
      if (!Number.isFinite(expiresInSeconds)) throw new TypeError("A token needs an end: `expiresInSeconds`");
      const issuedAt = Math.floor(clock.now() / 1000);
      const token = new SignJWT({ ...claims }).setProtectedHeader({ alg: "HS256", typ: "JWT" }).setIssuedAt(issuedAt);
      token.setExpirationTime(issuedAt + expiresInSeconds);
      if (issuer !== undefined) token.setIssuer(issuer);
      if (audience !== undefined) token.setAudience(audience);
      return token.sign(secret);
    },

    async authenticate(credentials) {
      const token = credentials.token ?? (cookie === undefined ? undefined : credentials.cookie(cookie));
      if (token === undefined) return undefined;
      try {
        const { payload } = await jwtVerify(token, toKey, {
          ...expected,
          algorithms,
          clockTolerance: 0,
          currentDate: new Date(clock.now()),
          requiredClaims: ["sub", "exp"],
        });
        return toIdentity(payload);
      } catch (cause) {
        if (cause instanceof errors.JWTExpired) throw new NexiosError("TOKEN_EXPIRED", "The token has run out", { status: 401, cause });
        if (options.jwks !== undefined && isFetchFailure(cause)) {
          throw new NexiosError("OVERLOADED", "The keys for tokens can't be fetched just now", { status: 503, retryAfterMs: 1_000, cause });
        }
        throw new NexiosError("TOKEN_INVALID", "The token is not valid here", { status: 401, cause });
      }
    },
  };
}

type FoundKey = CryptoKey | KeyObject | JWK | Uint8Array;

function keyFinder(options: JwtOptions, secret: Uint8Array | undefined): (header: JWTHeaderParameters) => Promise<FoundKey> {
  const keys = new Map((options.keys ?? []).map((key) => [key.id, key]));
  const remote = options.jwks && createRemoteJWKSet(new URL(options.jwks.url), { cooldownDuration: options.jwks.cooldownMs ?? 5_000 });
  return async (header) => {
    const named = header.kid === undefined ? undefined : keys.get(header.kid);
    const foreignType = options.type !== undefined && header.typ?.toLowerCase() !== options.type.toLowerCase();
    if (named !== undefined && !foreignType) {
      if (!named.algorithms.includes(header.alg)) throw new errors.JOSEAlgNotAllowed("not an algorithm of this key");
      return named.key;
    }
    if (secret !== undefined && header.kid === undefined && header.alg === "HS256" && isOwnType(header.typ)) return secret;
    if (remote !== undefined && !foreignType && options.jwks?.algorithms.includes(header.alg)) return remote(header);
    throw new errors.JWKSNoMatchingKey();
  };
}

/** The keys could not be had: that says nothing about the token. */
function isFetchFailure(cause: unknown): boolean {
  if (cause instanceof errors.JWKSTimeout || cause instanceof TypeError) return true;
  return cause instanceof errors.JOSEError && cause.code === errors.JOSEError.code;
}

/** Other kinds of tokens may be signed with the same secret; they are not for logging in. */
function isOwnType(typ: string | undefined): boolean {
  return typ === undefined || typ.toUpperCase() === "JWT";
}

function toIdentity(payload: JWTPayload): Identity<TokenUser> {
  const { sub, exp } = payload;
  if (!isUserId(sub) || exp === undefined) throw new errors.JWTInvalid("no usable sub");
  const name = payload["name"];
  return { user: { id: sub, name: typeof name === "string" ? name : sub, claims: payload }, expiresAt: exp * 1000 };
}
