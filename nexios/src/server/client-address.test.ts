import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clientAddress, toAddressKey, toTrustedProxies } from "./client-address.ts";

const none = toTrustedProxies([]);
const proxies = toTrustedProxies(["10.0.0.0/8", "192.0.2.7", "2001:db8:aaaa::/48"]);

test.each<[string, string | undefined, string, string]>([
  ["203.0.113.9", undefined, "203.0.113.9", "no proxy"],
  ["203.0.113.9", "198.51.100.1", "203.0.113.9", "a client that writes the header itself"],
  ["10.1.2.3", "198.51.100.1", "198.51.100.1", "a client behind a proxy"],
  ["10.1.2.3", "6.6.6.6, 198.51.100.1", "198.51.100.1", "a client that spoofs behind a proxy"],
  ["10.1.2.3", "198.51.100.1, 10.9.9.9, 192.0.2.7", "198.51.100.1", "a client behind three proxies"],
  ["10.1.2.3", "6.6.6.6,198.51.100.1 ,10.9.9.9", "198.51.100.1", "any spaces"],
  ["10.1.2.3", "10.4.4.4", "10.4.4.4", "nothing but proxies: the farthest"],
  ["10.1.2.3", undefined, "10.1.2.3", "a proxy without the header"],
  ["10.1.2.3", "", "10.1.2.3", "a proxy with an empty header"],
  ["10.1.2.3", "198.51.100.1, unknown", "10.1.2.3", "a hop that is no address ends the search"],
  ["192.0.2.8", "198.51.100.1", "192.0.2.8", "a neighbour of a proxy"],
  ["::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1", "a proxy in IPv6 clothes"],
  ["10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1", "a client in IPv6 clothes"],
  ["::FFFF:203.0.113.9", undefined, "203.0.113.9", "IPv6 clothes in upper case"],
  ["2001:db8:aaaa::1", "2001:db8:bbbb::2", "2001:db8:bbbb::2", "a proxy with an IPv6 address"],
  ["2001:db8:aaab::1", "2001:db8:bbbb::2", "2001:db8:aaab::1", "outside of the range by one"],
])("a request from %s with %j counts for %s (%s)", (remote, forwarded, expected) => {
  expect(clientAddress(remote, forwarded, proxies)).toBe(expected);
});

test("without trusted proxies the header changes nothing, whatever is in it", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (remote, forwarded) => {
      expect(clientAddress(remote, forwarded, none)).toBe(remote);
    }),
  );
});

test("what stands left of the first untrusted hop never matters", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.ipV4())), (spoofed) => {
      expect(clientAddress("10.0.0.1", [...spoofed, "198.51.100.1", "10.0.0.2"].join(","), proxies)).toBe("198.51.100.1");
    }),
  );
});

test("a socket without an address has a name of its own", () => {
  expect(clientAddress(undefined, "198.51.100.1", proxies)).toBe("local");
});

test.each(["example.com", "10.0.0", "", "10.0.0.0.0/8", "/8", "*"])("%j is refused as a proxy", (range) => {
  expect(() => toTrustedProxies([range])).toThrow(TypeError);
});

test.each([
  "10.0.0.0/33",
  "2001:db8::/129",
  "10.0.0.0/x",
  "10.0.0.0/-1",
  "10.0.0.0/",
  "10.0.0.0/8/9",
  "10.0.0.0/ ",
  "10.0.0.0/0x8",
  "10.0.0.0/ 8",
  "10.0.0.0/8 ",
  "10.0.0.0/8.0",
  "10.0.0.0/1e1",
  "2001:db8::/",
])("%j is refused as a range: a slip never trusts more than it says", (range) => {
  expect(() => toTrustedProxies([range])).toThrow(expect.objectContaining({ name: "TypeError", message: expect.stringMatching(/range/) }));
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["local", "local"],
])("limits count %s as %s", (address, key) => {
  expect(toAddressKey(address)).toBe(key);
});

function toText(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

test("all addresses of a /64 have one key, those of another have another", () => {
  const group = fc.nat({ max: 0xffff });
  const groups = fc.array(group, { minLength: 4, maxLength: 4 });

  fc.assert(
    fc.property(groups, groups, groups, fc.nat({ max: 3 }), (network, one, other, at) => {
      const neighbour = network.with(at, network[at]! ^ 1);

      expect(toAddressKey(toText([...network, ...one]))).toBe(toAddressKey(toText([...network, ...other])));
      expect(toAddressKey(toText([...network, ...one]))).not.toBe(toAddressKey(toText([...neighbour, ...one])));
    }),
  );
});

test("a short and a long form of an address have one key", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0, 1, 0xabcd), { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((group) => group.toString(16).padStart(4, "0")).join(":");
      const short = new URL(`http://[${long}]/`).hostname.slice(1, -1);

      expect(toAddressKey(short)).toBe(toAddressKey(long));
    }),
  );
});
