import { expect, test } from "vitest";
import { isPublicAddress, lookUpPublic, PrivateAddress } from "./public-address.ts";

test.for([
  "0.0.0.0",
  "10.255.255.255",
  "100.64.0.1",
  "127.0.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.2.1",
  "192.168.1.1",
  "198.19.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:8.8.8.8",
  "64:ff9b::808:808",
  "fe80::1",
  "fd12::1",
  "ff02::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "not an address",
])("%s is not on the internet", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.for(["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.128.0.1", "223.255.255.255", "2606:4700::1", "2a00:1450::1"])(
  "%s is on the internet",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.for([{ all: true }, { all: false }])("a name of this machine has no address that is connected to ($all)", async (options) => {
  const error = await new Promise((resolve) => lookUpPublic("localhost", options, resolve));

  expect(error).toBeInstanceOf(PrivateAddress);
});
