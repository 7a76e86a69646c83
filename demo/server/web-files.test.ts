import { NexiosApp } from "nexios";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addWebFiles } from "./web-files.ts";

const html = "<!doctype html><title>Saleroom</title>";
const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
let outside: string;
let app: NexiosApp;

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "nexios-web-"));
  const folder = join(outside, "dist");
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(outside, "secret.txt"), "a secret");
  writeFileSync(join(folder, "index.html"), html);
  writeFileSync(join(folder, "theme.js"), "theme");
  writeFileSync(join(folder, "assets/index-abc.js"), "script");
  writeFileSync(join(folder, "assets/index-abc.js.br"), brotliCompressSync("script"));
  app = new NexiosApp();
  addWebFiles(app, folder);
  app.get("/api/thing", (c) => c.json({ thing: 1 }));
});

afterEach(async () => {
  await app.stop();
  rmSync(outside, { recursive: true, force: true });
});

test.for(["/", "/control", "/chat", "/mine", "/about", "/rostrum", "/lots/house-1", "/lots/6f1d.k3", "/rostrum/6f1d.k3"])(
  "%s is the page, and is asked for anew each time",
  async (path) => {
    const response = await app.request(path, { headers: browser });

    expect([response.status, response.headers.get("content-type"), response.headers.get("cache-control")]).toEqual([
      200,
      "text/html; charset=utf-8",
      "no-cache",
    ]);
    expect(await response.text()).toBe(html);
  },
);

test("an asset is kept for ever, since its name changes with its content", async () => {
  const response = await app.request("/assets/index-abc.js");

  expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(await response.text()).toBe("script");
});

test("an asset is sent compressed to who takes it so", async () => {
  const response = await app.request("/assets/index-abc.js", { headers: { "accept-encoding": "gzip, br" } });

  expect(response.headers.get("content-encoding")).toBe("br");
  expect(response.headers.get("vary")?.toLowerCase()).toContain("accept-encoding");
});

test("a file whose name does not change with its content is asked for anew", async () => {
  const response = await app.request("/theme.js");

  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-cache"]);
});

test("an address that no room has is the page with status 404, so that no cache or robot takes it for one", async () => {
  const response = await app.request("/nowhere", { headers: browser });

  expect([response.status, response.headers.get("content-type")]).toEqual([404, "text/html; charset=UTF-8"]);
  expect(await response.text()).toBe(html);
});

test("a program that asks at an address that is not there gets JSON, not a page", async () => {
  const response = await app.request("/nowhere", { headers: { accept: "application/json" } });

  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: "NOT_FOUND" });
});

test("routes are not hidden by files", async () => {
  const response = await app.request("/api/thing", { headers: browser });

  expect(await response.json()).toEqual({ thing: 1 });
});

test.for(["/", "/nowhere", "/theme.js", "/api/thing"])("the answer to %s forbids whatever is not the house's own", async (path) => {
  const { headers } = await app.request(path, { headers: browser });

  const policy = headers.get("content-security-policy") ?? "";
  const rules = Object.fromEntries(policy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1).join(" ")]));
  expect(rules).toEqual({
    "default-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
  });
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test.for(["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/assets/%5c..%5c..%5csecret.txt", "//etc/hosts.txt"])(
  "%s does not lead out of the folder",
  async (path) => {
    const response = await app.request(path);

    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("a secret");
  },
);

test("a web app that has not been built is said so, and the rest is served", async () => {
  const bare = new NexiosApp();
  addWebFiles(bare, "/nowhere");
  bare.get("/health", (c) => c.text("well"));

  const answers = await Promise.all(["/", "/control", "/health"].map(async (path) => (await bare.request(path)).status));

  expect(answers).toEqual([503, 503, 200]);
});
