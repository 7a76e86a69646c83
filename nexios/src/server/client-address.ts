import { BlockList, isIP } from "node:net";

/** Proxies whose `X-Forwarded-For` is believed, as addresses or CIDR ranges. */
export interface TrustedProxies {
  has(address: string): boolean;
}

/** @throws TypeError for what is neither an address nor a range. */
export function toTrustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    const family = familyOf(address);
    if (family === undefined || !/^[^/]+(?:\/\d{1,3})?$/.test(range) || Number(prefix ?? 0) > (family === "ipv4" ? 32 : 128))
      throw new TypeError(`"${range}" is neither an address nor a range such as 10.0.0.0/8`);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return {
    has(address) {
      const family = familyOf(address);
      return family !== undefined && list.check(address, family);
    },
  };
}

/** The address that limits count: the nearest one that no trusted proxy has. What a client writes into `X-Forwarded-For` itself is never believed. */
export function clientAddress(remoteAddress: string | undefined, forwardedFor: string | undefined, trusted: TrustedProxies): string {
  let address = plain(remoteAddress ?? "local");
  const hops = (forwardedFor ?? "").split(",");
  while (trusted.has(address)) {
    const hop = plain((hops.pop() ?? "").trim());
    if (familyOf(hop) === undefined) break;
    address = hop;
  }
  return address;
}

/** What limits per address count by: an IPv4 address, or the /64 of an IPv6 one, since one household has a whole /64. */
export function toAddressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return `${[...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

/** IPv4 in IPv6 clothes is IPv4. */
function plain(address: string): string {
  return address.toLowerCase().startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}
