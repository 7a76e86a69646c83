import { expect, test } from "vitest";
import { findMisfit } from "./fit-server.ts";

const fit = ["redis_version:7.0.15", "redis_mode:standalone", "maxmemory_policy:noeviction"];

test.each<[string, string, boolean, RegExp]>([
  ["evicts", "maxmemory_policy:volatile-lru", false, /evict rooms \(maxmemory-policy volatile-lru\): set noeviction/],
  ["is too old", "redis_version:6.2.14", false, /Redis 7 or newer is needed: this server is 6\.2\.14/],
  ["is a cluster that is taken for a server", "redis_mode:cluster", false, /is a cluster/],
])("a server that %s is told from one that fits", (_what, fact, isCluster, expected) => {
  const [name] = fact.split(":");
  const facts = fit.map((each) => (each.startsWith(`${name}:`) ? fact : each)).join("\r\n");

  expect(findMisfit(facts, isCluster)).toMatch(expected);
  expect(findMisfit(fit.join("\r\n"), isCluster)).toBeUndefined();
});

test("a server that may not be asked is taken at its word, and a cluster may be one", () => {
  expect(findMisfit("", false)).toBeUndefined();
  expect(findMisfit("redis_version:10.0.0\r\nredis_mode:cluster", true)).toBeUndefined();
});
