import type { SecureContextOptions } from "node:tls";

/** Where Redis is, and how this application is told apart there. */
export interface RedisOptions {
  /** `redis://user:password@host:6379`, or `rediss://` over TLS. Several, with a comma between, are nodes of a cluster. */
  readonly url: string;
  /** The servers are a cluster; several addresses mean it unless told. */
  readonly isCluster?: boolean;
  /** All keys and channels begin with it: `nexios:` unless given. Letters, digits, and `_ . : -`, at most 64. */
  readonly prefix?: string;
  /** Instead of those in the address. */
  readonly username?: string;
  readonly password?: string;
  /** Certificates for `rediss://`: those of an authority of one's own, or the client's. */
  readonly tls?: Pick<SecureContextOptions, "ca" | "cert" | "key"> & { readonly servername?: string };
}

/** The same, checked. */
export interface RedisSettings {
  readonly urls: readonly string[];
  readonly isCluster: boolean;
  readonly prefix: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: RedisOptions["tls"];
}

/** @throws TypeError for an address or a prefix that is none */
export function toRedisSettings({ url, isCluster, prefix = "nexios:", username, password, tls }: RedisOptions): RedisSettings {
  const urls = url.split(",").map((each) => each.trim());
  for (const each of urls) {
    const protocol = URL.canParse(each) ? new URL(each).protocol : undefined;
    // The address may bear a password: it is not repeated.
    if (protocol !== "redis:" && protocol !== "rediss:") throw new TypeError("The address of Redis is redis://HOST:PORT or rediss://HOST:PORT");
    if (tls !== undefined && protocol === "redis:") throw new TypeError("The option tls needs an address with rediss://");
  }
  if (!/^[A-Za-z0-9_.:-]{0,64}$/.test(prefix)) throw new TypeError("The prefix of keys in Redis has letters, digits and _ . : - alone, at most 64");
  return { urls, isCluster: isCluster ?? urls.length > 1, prefix, username, password, tls };
}
