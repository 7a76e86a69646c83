import { createClient, createCluster, RESP_TYPES } from "@redis/client";
import type { ConnectRedis, RedisArgument, RedisConnection, RedisReply } from "./redis-connection.ts";
import type { RedisSettings } from "./redis-options.ts";
import { askSentinels, type NamedPrimary } from "./sentinels.ts";

const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
const connectTimeoutMs = 3_000;
const sentinelTimeoutMs = 1_000;

/** Connections by the client of Redis's makers. It never connects again by itself: then nobody knows what was lost meanwhile. */
export function connectRedisClient(settings: RedisSettings): ConnectRedis {
  if (settings.primary !== undefined) return (onLost) => openByPrimary(settings, onLost);
  return settings.isCluster ? (onLost) => openCluster(settings, onLost) : (onLost) => openServer(settings, onLost);
}

/** Asks the sentinels afresh each time: the primary may be another one now. */
function openByPrimary(settings: RedisSettings, onLost: (error: unknown) => void): RedisConnection {
  let server: RedisConnection | undefined;
  let isClosed = false;
  const ask = (): Promise<NamedPrimary> => askSentinels(settings.urls, (url) => askSentinel(url, settings.primary ?? ""));
  const naming = ask();
  const opening = naming.then((named) => {
    if (isClosed) throw new Error("The connection was closed while the sentinels were asked");
    server = openServer({ ...settings, urls: [toAddress(named, settings)] }, onLost);
    return server;
  });
  return {
    opened: opening.then(({ opened }) => opened),
    send: async (key, args) => (server ?? (await opening)).send(key, args),
    subscribe: async (channel, deliver) => (server ?? (await opening)).subscribe(channel, deliver),
    unsubscribe: async (channel) => (server ?? (await opening)).unsubscribe(channel),
    ping: async () => (server ?? (await opening)).ping(),
    async isRight() {
      const used = await naming;
      // Sentinels that are away say nothing against a primary that answers.
      const named = await ask().catch(() => used);
      return named.epoch <= used.epoch || (named.host === used.host && named.port === used.port);
    },
    close() {
      isClosed = true;
      server?.close();
    },
  };
}

async function askSentinel(url: string, primary: string): Promise<readonly unknown[]> {
  const { hostname, port } = new URL(url);
  const socket = { host: hostname, port: Number(port || 26_379), reconnectStrategy: false, connectTimeout: sentinelTimeoutMs } as const;
  const sentinel = createClient({ RESP: 2, socket });
  const answer = Promise.withResolvers<never>();
  answer.promise.catch(() => undefined);
  sentinel.on("error", answer.reject);
  const cancel = setTimeout(() => answer.reject(new Error("A sentinel has not answered")), sentinelTimeoutMs);
  try {
    await Promise.race([sentinel.connect(), answer.promise]);
    const facts = await Promise.race([sentinel.sendCommand(["SENTINEL", "MASTER", primary]), answer.promise]);
    if (!Array.isArray(facts)) throw new Error("The sentinels know no primary of this name");
    return facts;
  } finally {
    clearTimeout(cancel);
    sentinel.destroy();
  }
}

/** With the user of the address of the sentinel, unless the options name one. */
function toAddress({ host, port, by }: NamedPrimary, { username, password }: RedisSettings): string {
  const sentinel = new URL(by);
  const target = new URL(`redis://${host.includes(":") ? `[${host}]` : host}:${port}`);
  target.username = username === undefined ? sentinel.username : encodeURIComponent(username);
  target.password = password === undefined ? sentinel.password : encodeURIComponent(password);
  return target.href;
}

function openServer(settings: RedisSettings, onLost: (error: unknown) => void): RedisConnection {
  const [url = ""] = settings.urls;
  const create = () => createClient({ ...toClientOptions(settings), url }).on("error", onLost);
  // A slow subscriber is cut off by the server: it must not take the commands with it.
  const [commands, subscriber] = [create(), create()];
  return {
    opened: Promise.all([commands.connect(), subscriber.connect()]).then(() => undefined),
    send: (_key, args) => commands.sendCommand<RedisReply>(toArguments(args), { typeMapping }),
    subscribe: (channel, deliver) => subscriber.sSubscribe(channel, deliver, true),
    unsubscribe: (channel) => subscriber.sUnsubscribe(channel),
    ping: async () => void (await Promise.all([commands.ping(), subscriber.ping()])),
    close() {
      commands.destroy();
      subscriber.destroy();
    },
  };
}

function openCluster(settings: RedisSettings, onLost: (error: unknown) => void): RedisConnection {
  const cluster = createCluster({ rootNodes: settings.urls.map((url) => ({ url })), defaults: toClientOptions(settings) });
  for (const event of ["error", "node-error", "sharded-channel-moved-error"]) cluster.on(event, onLost);
  const opened = cluster.connect().then(() => undefined);
  return {
    opened,
    send: (key, args) => cluster.sendCommand<RedisReply>(key, false, toArguments(args), { typeMapping }),
    subscribe: (channel, deliver) => cluster.sSubscribe(channel, deliver, true),
    unsubscribe: (channel) => cluster.sUnsubscribe(channel),
    async ping() {
      const clients = cluster.masters.flatMap(({ client, pubSub }) => [client, pubSub?.client]);
      await Promise.all(clients.filter((client) => client !== undefined).flatMap((client) => (client.isReady ? [client.ping()] : [])));
    },
    close() {
      // While it connects it has connections that it does not know of yet.
      void opened.catch(() => undefined).then(() => cluster.destroy());
      cluster.destroy();
    },
  };
}

function toClientOptions({ username, password, tls, urls }: RedisSettings) {
  const isSecure = urls.some((url) => url.startsWith("rediss:"));
  const base = { reconnectStrategy: false, connectTimeout: connectTimeoutMs } as const;
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    disableOfflineQueue: true,
    // A timer a command costs as much as sending it, and tells nothing new: a server that takes or answers nothing is left by the link.
    commandOptions: { timeout: 0 },
    socket: isSecure ? ({ ...base, ...tls, tls: true } as const) : base,
  };
}

function toArguments(args: readonly RedisArgument[]): RedisArgument[] {
  return [...args];
}
