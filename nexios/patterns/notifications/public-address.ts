import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** What is not to be reached from outside, by the registries of special-purpose addresses (RFC 6890) and what came to them since. */
const inner = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  inner.addSubnet(net, prefix, "ipv4");

/** Of IPv6 only what is given out for the internet; and of that not what leads to an IPv4 address or to a document's examples. */
const outer6 = new BlockList();
outer6.addSubnet("2000::", 3, "ipv6");
const inner6 = new BlockList();
for (const [net, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  inner6.addSubnet(net, prefix, "ipv6");

/** Whether an address is one of the internet, and not of this machine or a network about it. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !inner.check(address, "ipv4");
  return family === 6 && outer6.check(address, "ipv6") && !inner6.check(address, "ipv6");
}

/** The host leads where nothing is to be sent. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";
}

/** Looks a name up as a connection does, and gives no address that is not public: what was looked at is what is connected to. */
export const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const first = addresses?.[0];
    if (error !== null || first === undefined) return callback(error ?? new Error(`${hostname} has no address`), "");
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(new PrivateAddress(`${hostname} is not on the internet`), "");
    if (options.all === true) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};
