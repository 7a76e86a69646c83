import { NexiosError } from "nexios";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSaleroom } from "./saleroom.ts";
import { toStartFailure } from "./start-failure.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-start-"));
  writeFileSync(join(folder, "file"), "");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is said of a start with these settings. */
async function failureOf(env: Readonly<Record<string, string>>, { host = "127.0.0.1", dataFolder = folder } = {}): Promise<string> {
  try {
    const app = createSaleroom({ dataFolder, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one", ...env } });
    await app.listen({ port: 0, host }).finally(() => app.stop());
    return "it has started";
  } catch (error) {
    return toStartFailure(error);
  }
}

test.for<readonly [Record<string, string>, { readonly host?: string; readonly dataFolder?: string }, RegExp]>([
  [{ DATABASE_URL: "hello" }, {}, /^DATABASE_URL: .*begins with "postgres:\/\/"/],
  [{ DATABASE_URL: "postgres://ann@127.0.0.1:1/house" }, {}, /^UNAVAILABLE: PostgreSQL can't be reached: connect ECONNREFUSED 127\.0\.0\.1:1$/],
  [{ REDIS_URL: "hello" }, {}, /^REDIS_URL: The address of Redis is redis:/],
  [{ REDIS_URL: "redis://127.0.0.1:1" }, {}, /^DATABASE_URL: .* is durable, .*by DATABASE_URL/],
  [{ METRICS_TOKEN: "short" }, {}, /^METRICS_TOKEN: .* at least 16 characters/],
  [{}, { host: "192.0.2.1" }, /^HOST: listen EADDRNOTAVAIL/],
  [{}, { dataFolder: "file" }, /^NEXIOS_DATA: E[A-Z]+: .*file/],
])("a setting that keeps the server from starting is named in one sentence: %o %o", async ([env, { dataFolder, ...place }, words]) => {
  const said = await failureOf(env, { ...place, ...(dataFolder !== undefined && { dataFolder: join(folder, dataFolder) }) });

  expect(said).toMatch(words);
  expect(said).not.toContain("\n");
});

test("a failure says its causes too, and a fault has its stack", () => {
  const failure = new NexiosError("UNAVAILABLE", "It can't be reached", { cause: new Error("nobody is there", { cause: new Error("the cable") }) });

  expect(toStartFailure(failure)).toBe("UNAVAILABLE: It can't be reached: nobody is there: the cable");
  expect(toStartFailure(new TypeError("x is not a function"))).toMatch(/^TypeError: x is not a function\n +at /);
});
