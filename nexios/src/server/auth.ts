import { isUserId } from "../contract/user-id.ts";
import type { Awaitable } from "./awaitable.ts";
import type { Edge } from "./edge.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Context, Middleware } from "./http.ts";
import type { Credentials, Identity, User } from "./identity.ts";
import { parseJson } from "../protocol/json.ts";
import type { Upgrade } from "./upgrade.ts";

declare const guardedUser: unique symbol;

/** Middleware behind which there is a user. */
export interface Guard<U extends User | undefined> extends Middleware {
  readonly [guardedUser]?: U;
  /** The names of the methods that it asks. */
  readonly methods: readonly string[];
}

export interface AuthOptions<U extends User> {
  /** Lets those in who bring no proof at all; the user is then `undefined`. One that proves nothing is refused all the same. */
  readonly optional?: boolean;
  /** Lets a WebSocket open without a token: its first message must be `{"token": "..."}`, within `firstMessageMs`, or it is closed with 4401. */
  readonly firstMessage?: boolean;
  /** The subprotocols that are selected when a WebSocket is opened for its first message. */
  readonly subprotocols?: readonly string[];
  /** May this user come here? `false` is answered with 403. */
  readonly allow?: (user: U, c: Context) => Awaitable<boolean>;
}

/**
 * Asks who it is, before anything is upgraded: 401 without a valid proof, 403 when it does not suffice, 400 for a token in the URL.
 * The methods are asked in order until one finds something, or refuses what it finds; `jwt` is the app's own, others are given as `auth` of the app.
 */
export function auth<U extends User = User>(methods: readonly string[], options: AuthOptions<U> & { readonly optional: true }): Guard<U | undefined>;
export function auth<U extends User = User>(methods: readonly string[], options?: AuthOptions<U>): Guard<U>;
export function auth<U extends User = User>(methods: readonly string[], options: AuthOptions<U> = {}): Guard<U | undefined> {
  if (methods.length === 0) throw new TypeError('auth([...]) needs at least one method, such as "jwt"');
  const guard: Middleware = async (c, next) => {
    const { edge, upgrade } = c.env;
    refuseTokenInUrl(c.req.url);
    const { identity: shown, checkOrigin } = await identifyRequest(methods, c);
    const identity = shown ?? (options.firstMessage === true && upgrade !== undefined ? await fromFirstMessage(methods, edge, upgrade, options) : undefined);
    checkOrigin();
    if (identity === undefined && options.optional === true) return next();
    if (identity === undefined) throw new NexiosError("UNAUTHORIZED", "A token is needed", { status: 401 });
    // The type is the caller's word for what its methods give.
    if (options.allow !== undefined && !(await options.allow(identity.user as U, c))) throw forbidden();
    c.set("user", identity.user);
    upgrade?.identify(identity, (token) => identifyToken(methods, edge, token));
    await next();
  };
  return Object.assign(guard, { methods });
}

/** The one way in: whatever the method, nobody comes by an id that no user can have. @throws NexiosError TOKEN_INVALID */
async function identify(methods: readonly string[], edge: Edge, credentials: Credentials): Promise<Identity | undefined> {
  for (const method of methods) {
    const identity = await edge.authenticators.get(method)?.(credentials);
    if (identity === undefined) continue;
    if (!isUserId(identity.user.id)) throw new NexiosError("TOKEN_INVALID", "The user's id is one that no user can have", { status: 401 });
    return identity;
  }
  return undefined;
}

/** Who a request is from, by what it brings. */
interface IdentifiedRequest {
  readonly identity: Identity | undefined;
  /** Whoever has used a cookie must come from an allowed page. @throws NexiosError FORBIDDEN_ORIGIN */
  readonly checkOrigin: () => void;
}

/** Asks the methods about a request. @throws NexiosError TOKEN_INVALID, TOKEN_EXPIRED */
export async function identifyRequest(methods: readonly string[], c: Context): Promise<IdentifiedRequest> {
  const { edge, upgrade } = c.env;
  const credentials = fromRequest(c.req.raw.headers, upgrade?.offered.token);
  const identity = await identify(methods, edge, credentials);
  return {
    identity,
    checkOrigin: () => {
      if (credentials.usedCookie) requireOrigin(edge, c);
    },
  };
}

/** Asks the methods about a token that came in a message. @throws NexiosError TOKEN_INVALID, TOKEN_EXPIRED */
export async function identifyToken(methods: readonly string[], edge: Edge, token: string): Promise<Identity> {
  const identity = await identify(methods, edge, tokenAlone(token));
  if (identity === undefined) throw new NexiosError("TOKEN_INVALID", "The token is not valid here", { status: 401 });
  return identity;
}

/** @throws NexiosError CONNECTION_CLOSED: the peer has been told why with 4401. */
async function fromFirstMessage(
  methods: readonly string[],
  edge: Edge,
  upgrade: Upgrade,
  options: { readonly subprotocols?: readonly string[] },
): Promise<Identity | undefined> {
  const open = await upgrade.accept({ subprotocols: options.subprotocols ?? [] });
  const fail = (reason: string): never => {
    open.fail("UNAUTHORIZED", reason);
    throw new NexiosError("CONNECTION_CLOSED", reason);
  };
  const cancel = edge.clock.after(edge.limits.firstMessageMs, () => open.fail("UNAUTHORIZED", "no token in time"));
  const first = await open.inbox.next().finally(cancel);
  if (Buffer.byteLength(first) > edge.limits.firstMessageBytes) fail("the first message is too long");
  const token = toToken(first);
  if (token === undefined) return fail("the first message has no token");
  try {
    return await identifyToken(methods, edge, token);
  } catch {
    // Which of the reasons it was is the operator's business: the refusal has been reported by its code.
    return fail("the token is not valid here");
  }
}

function toToken(first: string | Uint8Array): string | undefined {
  try {
    const value: unknown = typeof first === "string" ? parseJson(first, { depth: 4, keys: 16 }) : undefined;
    const token: unknown = typeof value === "object" && value !== null && "token" in value ? value.token : undefined;
    return typeof token === "string" ? token : undefined;
  } catch {
    // Not JSON: there is no token in it.
    return undefined;
  }
}

const tokenParameters = new Set(["token", "access_token", "accesstoken", "auth_token", "authtoken", "id_token", "jwt", "bearer", "authorization"]);
const looksLikeJwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/** URLs end in logs, histories and referrers. @throws NexiosError TOKEN_IN_URL */
export function refuseTokenInUrl(url: string): void {
  for (const [name, value] of new URL(url).searchParams) {
    if (!tokenParameters.has(name.toLowerCase()) && !looksLikeJwt.test(value)) continue;
    throw new NexiosError("TOKEN_IN_URL", "A token must not stand in a URL: send it as `Authorization: Bearer`, or as the subprotocol pair", { status: 400 });
  }
}

/** A cookie is sent by any page, so the page must be one of ours, for everything that may change something. */
function requireOrigin(edge: Edge, c: Context): void {
  const safe = c.env.upgrade === undefined && (c.req.method === "GET" || c.req.method === "HEAD");
  const origin = c.req.header("origin");
  if (safe || (origin !== undefined && edge.origins.allows(origin, c.req.header("host")))) return;
  throw origin === undefined
    ? new NexiosError("FORBIDDEN_ORIGIN", "Whoever uses a cookie must say from which origin; use a token instead", { status: 403 })
    : forbiddenOrigin();
}

/** The refusal of a page that is not on the list. */
export function forbiddenOrigin(): NexiosError {
  return new NexiosError("FORBIDDEN_ORIGIN", "This origin may not connect: the app's option `origins` lists those that may", { status: 403 });
}

function forbidden(): NexiosError {
  return new NexiosError("FORBIDDEN", "This is not for you", { status: 403 });
}

function tokenAlone(token: string): Credentials {
  return { token, header: () => undefined, cookie: () => undefined };
}

interface RequestCredentials extends Credentials {
  readonly usedCookie: boolean;
}

/** Without `this`, so that a method may take apart what it gets. */
function fromRequest(headers: Headers, subprotocolToken: string | undefined): RequestCredentials {
  let usedCookie = false;
  return {
    token: /^Bearer +([^\s,]+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? subprotocolToken,
    get usedCookie() {
      return usedCookie;
    },
    header(name) {
      // However it is read, a cookie is a cookie.
      if (name.toLowerCase() === "cookie" && headers.has("cookie")) usedCookie = true;
      return headers.get(name) ?? undefined;
    },
    cookie(name) {
      const prefix = `${name}=`;
      const found = (headers.get("cookie") ?? "").split(/; ?/).find((pair) => pair.startsWith(prefix));
      if (found === undefined) return undefined;
      usedCookie = true;
      return found.slice(prefix.length);
    },
  };
}
