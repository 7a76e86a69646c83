import { randomBytes } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import { createMemoryBroker } from "../broker/memory-broker.ts";
import type { ChannelBoxOptions } from "../channels/channel-box.ts";
import { Metrics } from "../metrics/registry.ts";
import type { RedisOptions } from "../redis/redis-options.ts";
import { Admission, type Load, measureLoad } from "../server/admission.ts";
import { toTrustedProxies } from "../server/client-address.ts";
import { Connections } from "../server/connections.ts";
import type { Edge } from "../server/edge.ts";
import type { Authenticate } from "../server/identity.ts";
import { createTokens, type JwtOptions, type Tokens } from "../server/jwt.ts";
import { type Limits, toLimits } from "../server/limits.ts";
import { toOriginRule } from "../server/origin.ts";
import { WriteTurn } from "../server/write-turn.ts";
import { WsEngine } from "../server/ws-engine.ts";
import { type Clock, systemClock } from "../world/clock.ts";
import { AppRedis } from "./app-redis.ts";
import type { RoomsOptions } from "./app-rooms.ts";
import { meterBroker } from "./metered-broker.ts";
import { meterLoad } from "./metered-load.ts";
import { loadSecret } from "./secret.ts";

/** How an app proves who somebody is: `jwt` by its options, any other method by a function. */
export interface AuthMethods {
  readonly jwt?: JwtOptions | Authenticate;
  readonly [method: string]: JwtOptions | Authenticate | undefined;
}

/** Where clients come to an app's rooms, and how they prove who they are. */
export interface RealtimeOptions {
  /** `/realtime` unless given. */
  readonly path?: string;
  /** The methods that are asked, in this order: `["jwt"]` unless given. */
  readonly auth?: readonly string[];
}

/** Options of an app; none is needed. */
export interface AppOptions {
  readonly auth?: AuthMethods;
  readonly limits?: Partial<Limits>;
  /** Web pages of other hosts that may connect, as `https://app.example`. Those of the same host always may. */
  readonly origins?: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed, as addresses or ranges. */
  readonly trustedProxies?: readonly string[];
  readonly channels?: ChannelBoxOptions;
  readonly rooms?: RoomsOptions;
  readonly realtime?: RealtimeOptions;
  /** What tells other processes of groups; without it, and without Redis, the app is alone. An app with rooms takes none: their logs belong to one process. */
  readonly broker?: Broker;
  /** What tells other processes of groups and rooms, and has the logs of volatile rooms: where `REDIS_URL` says, unless given. Not beside `broker`. */
  readonly redis?: RedisOptions;
  readonly clock?: Clock;
  /** Where the app and the framework count; a registry of its own unless given. */
  readonly metrics?: Metrics;
  /** Random numbers from 0 to 1, to spread the return of clients. */
  readonly random?: () => number;
  /** What the machine says of itself; it decides when new connections are refused. */
  readonly load?: Load;
  /** Where `NEXIOS_SECRET`, `NEXIOS_DATA`, `REDIS_URL` and `NODE_ENV` are read; the process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const optionNames: ReadonlySet<string> = new Set<keyof AppOptions>([
  "auth",
  "limits",
  "origins",
  "trustedProxies",
  "channels",
  "rooms",
  "realtime",
  "broker",
  "redis",
  "clock",
  "metrics",
  "random",
  "load",
  "env",
]);

/** What an app is built on. The tokens are made at their first use, or at the start. */
export interface Foundation {
  readonly edge: Edge;
  readonly broker: Broker;
  /** Nobody else can be behind the broker: the app has made it for itself. */
  readonly isAlone: boolean;
  readonly redis: AppRedis | undefined;
  readonly metrics: Metrics;
  readonly tokens: () => Tokens;
}

/** @throws TypeError for options that contradict each other. */
export function layFoundation(options: AppOptions): Foundation {
  for (const name of Object.keys(options))
    if (!optionNames.has(name)) throw new TypeError(`There is no option "${name}": the options are ${[...optionNames].join(", ")}`);
  const clock = options.clock ?? systemClock;
  const limits = toLimits(options.limits);
  const services = { serverId: randomBytes(9).toString("base64url"), clock, limits, turn: new WriteTurn((fire) => clock.afterTurn(fire), limits.turnBytes) };
  const { jwt, ...others } = options.auth ?? {};
  const tokens = lazily(() => createTokens(typeof jwt === "function" ? {} : withSecret(jwt, options.env ?? process.env), clock));
  // What was given can be judged now; a secret of the environment when it is needed.
  if (typeof jwt === "object" && hasKey(jwt)) tokens();
  const authenticators = new Map<string, Authenticate>([["jwt", typeof jwt === "function" ? jwt : (credentials) => tokens().authenticate(credentials)]]);
  for (const [method, authenticate] of Object.entries(others)) {
    if (typeof authenticate !== "function") throw new TypeError(`auth.${method} must be a function from credentials to an identity`);
    authenticators.set(method, authenticate);
  }
  const metrics = options.metrics ?? new Metrics();
  const edge: Edge = {
    ...services,
    engine: new WsEngine(limits),
    connections: new Connections(services),
    admission: new Admission(clock, limits, meterLoad(options.load ?? measureLoad(), metrics)),
    authenticators,
    origins: toOriginRule(options.origins ?? []),
    proxies: toTrustedProxies(options.trustedProxies ?? []),
  };
  const redis = toRedis(options, clock);
  const shared = options.broker ?? redis?.broker;
  const broker = shared === undefined ? createMemoryBroker({ now: () => clock.monotonic(), mostKept: limits.groups }) : meterBroker(shared, metrics);
  return { edge, tokens, broker, isAlone: shared === undefined, redis, metrics };
}

/** A broker that was given is meant, whatever the environment says. */
function toRedis({ broker, redis, env = process.env, random = Math.random }: AppOptions, clock: Clock): AppRedis | undefined {
  if (broker === undefined) return AppRedis.from(redis, env, { clock, random });
  if (redis !== undefined) throw new TypeError('The options "broker" and "redis" do not go together: both tell the other processes');
  return undefined;
}

function withSecret(options: JwtOptions | undefined, env: Readonly<Record<string, string | undefined>>): JwtOptions {
  return options !== undefined && hasKey(options) ? options : { ...options, secret: loadSecret({ env }) };
}

function hasKey({ secret, keys, jwks }: JwtOptions): boolean {
  return secret !== undefined || keys !== undefined || jwks !== undefined;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
