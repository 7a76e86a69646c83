import type { SecureContextOptions } from "node:tls";

/** Where Redis is, and how this application is told apart there. */
export interface RedisOptions {
  /**
   * `redis://user:password@host:6379`, or `rediss://` over TLS. Several, with a comma between, are nodes of a cluster. Sentinels are
   * `redis+sentinel://host:26379/NAME`, with a comma between, where NAME is what they call the primary. `REDIS_URL` unless given.
   */
  readonly url?: string;
  /** The servers are a cluster; several addresses mean it unless told. */
  readonly isCluster?: boolean;
  /** All keys and channels begin with it: `nexios:` unless given. Letters, digits, and `_ . : -`, at most 64. */
  readonly prefix?: string;
  /** Instead of those in the address. */
  readonly username?: string;
  readonly password?: string;
  /** Certificates for `rediss://`: those of an authority of one's own, or the client's. */
  readonly tls?: Pick<SecureContextOptions, "ca" | "cert" | "key"> & { readonly servername?: string };
  /** A volatile room is forgotten when nothing was written to it for so long; the time until it wants to be woken is not counted. 7 days unless given. */
  readonly keepMs?: number;
  /** Volatile rooms stand in so many slots of a cluster; the same for all processes, for ever. 16 unless given. */
  readonly shards?: number;
  /** Bytes of messages to other processes that wait because Redis is away or slow; what comes past them is lost, and reported. 8 MiB unless given. */
  readonly waitingBytes?: number;
}

/** The same, checked. */
export interface RedisSettings {
  readonly urls: readonly string[];
  readonly isCluster: boolean;
  /** What sentinels call the primary; the addresses are theirs then. */
  readonly primary: string | undefined;
  readonly prefix: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: RedisOptions["tls"];
  readonly keepMs: number;
  readonly shards: number;
  readonly waitingBytes: number;
}

/** @throws TypeError for an address, a prefix or a number that is none */
export function toRedisSettings(options: RedisOptions & { readonly url: string }): RedisSettings {
  const { url, isCluster, prefix = "nexios:", username, password, tls, keepMs = 604_800_000, shards = 16, waitingBytes = 8_388_608 } = options;
  for (const [name, number] of Object.entries({ keepMs, shards, waitingBytes }))
    if (!Number.isSafeInteger(number) || number < 1) throw new TypeError(`${name} is a whole number from 1 on, not ${number}`);
  const urls = url.split(",").map((each) => each.trim());
  for (const each of urls) {
    const protocol = URL.canParse(each) ? new URL(each).protocol : undefined;
    // The address may bear a password: it is not repeated.
    if (protocol === undefined || !protocols.has(protocol))
      throw new TypeError("The address of Redis is redis://HOST:PORT, rediss://HOST:PORT or redis+sentinel://HOST:PORT/NAME");
    if (tls !== undefined && protocol !== "rediss:") throw new TypeError("The option tls needs an address with rediss://");
  }
  if (!/^[A-Za-z0-9_.:-]{0,64}$/.test(prefix)) throw new TypeError("The prefix of keys in Redis has letters, digits and _ . : - alone, at most 64");
  const primary = toPrimary(urls);
  return { urls, primary, isCluster: primary === undefined && (isCluster ?? urls.length > 1), prefix, username, password, tls, keepMs, shards, waitingBytes };
}

const protocols: ReadonlySet<string> = new Set(["redis:", "rediss:", "redis+sentinel:"]);

function toPrimary(urls: readonly string[]): string | undefined {
  const names = urls.map((url) => new URL(url)).map(({ protocol, pathname }) => (protocol === "redis+sentinel:" ? pathname.slice(1) : undefined));
  const [name] = names;
  if (names.some((each) => each !== name) || name === "")
    throw new TypeError("All addresses of sentinels have the name of one primary: redis+sentinel://HOST:PORT/NAME");
  return name;
}
