import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NexiosApp } from "./app.ts";
import { loadSecret } from "./secret.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-secret-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a given secret is taken, and no file is made", () => {
  const secret = loadSecret({ env: { NEXIOS_SECRET: "g".repeat(32), NEXIOS_DATA: folder, NODE_ENV: "production" } });

  expect(secret).toBe("g".repeat(32));
  expect(readdirSync(folder)).toEqual([]);
});

test("a secret of 32 random bytes is made once, in a file that only its owner may read", () => {
  const data = join(folder, "deep", "data");

  const first = loadSecret({ env: { NEXIOS_DATA: data } });
  const second = loadSecret({ env: { NEXIOS_DATA: data, NEXIOS_SECRET: "" } });

  expect(Buffer.from(first, "base64url").length).toBe(32);
  expect(second).toBe(first);
  expect(readFileSync(join(data, "secret"), "utf8")).toBe(first);
  expect(statSync(join(data, "secret")).mode & 0o777).toBe(0o600);
});

test.each(["", "\n", "too short"])("an app whose kept secret is %j does not start, and leaves the file as it is", async (kept) => {
  writeFileSync(join(folder, "secret"), kept);
  const app = new NexiosApp({ env: { NEXIOS_DATA: folder } });

  await expect(app.start()).rejects.toThrow(/has fewer than 32 bytes: delete the file/);

  expect(readFileSync(join(folder, "secret"), "utf8")).toBe(kept);
  await app.stop();
});

test("two folders have two secrets", () => {
  const secrets = ["a", "b"].map((name) => loadSecret({ env: { NEXIOS_DATA: join(folder, name) } }));

  expect(secrets[0]).not.toBe(secrets[1]);
});

test("in production a missing secret is refused, and no file is made", () => {
  expect(() => loadSecret({ env: { NEXIOS_DATA: folder, NODE_ENV: "production" } })).toThrow(expect.objectContaining({ code: "SECRET_MISSING" }));
  expect(() => loadSecret({ env: { NEXIOS_DATA: folder, NODE_ENV: "production", NEXIOS_SECRET: "" } })).toThrow(/NEXIOS_SECRET/);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that cannot be made is told as it is", () => {
  loadSecret({ env: { NEXIOS_DATA: folder } });

  expect(() => loadSecret({ env: { NEXIOS_DATA: join(folder, "secret", "below") } })).toThrow(/ENOTDIR/);
});

test("processes that start at once agree on one secret", async () => {
  const program = `import { loadSecret } from ${JSON.stringify(new URL("secret.ts", import.meta.url).href)}; process.stdout.write(loadSecret({ env: process.env }));`;
  const run = () => promisify(execFile)(process.execPath, ["--conditions=source", "--input-type=module", "--eval", program], { env: { NEXIOS_DATA: folder } });

  const outputs = await Promise.all([run(), run(), run(), run()]);

  expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
  expect(outputs[0].stdout).toBe(readFileSync(join(folder, "secret"), "utf8"));
  expect(readdirSync(folder)).toEqual(["secret"]);
});
