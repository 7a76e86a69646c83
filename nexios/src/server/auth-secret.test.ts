import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { NexiosApp } from "../app/app.ts";
import { connect } from "../testing/index.ts";
import { auth } from "./auth.ts";

const folder = mkdtempSync(join(tmpdir(), "nexios-secret-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("without NEXIOS_SECRET a secret is made once, kept in NEXIOS_DATA for its owner's eyes alone, and shared by the next start", async () => {
  const env = { NEXIOS_DATA: join(folder, "new", "data") };
  await using first = guarded(env);
  await first.listen({ port: 0 });
  const file = join(env.NEXIOS_DATA, "secret");
  const made = readFileSync(file, "utf8");
  const token = await first.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });
  await using second = guarded(env);

  const peer = await connect(second, "/", { token });

  expect(await peer.next()).toBe("ann");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(Buffer.from(made, "base64url").length).toBe(32);
  expect(readFileSync(file, "utf8")).toBe(made);
});

test("apps with secrets of their own do not take each other's tokens", async () => {
  await using first = guarded({ NEXIOS_DATA: join(folder, "a") });
  await using second = guarded({ NEXIOS_DATA: join(folder, "b") });

  const token = await first.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });

  await expect(connect(second, "/", { token })).rejects.toMatchObject({ status: 401 });
});

test.each([{ NODE_ENV: "production" }, { NODE_ENV: "production", NEXIOS_SECRET: "" }])("production does not start without NEXIOS_SECRET: %o", async (env) => {
  const app = guarded({ ...env, NEXIOS_DATA: join(folder, "production") });

  await expect(app.listen({ port: 0 })).rejects.toMatchObject({ code: "SECRET_MISSING" });
  expect(() => statSync(join(folder, "production"))).toThrow(/ENOENT/);
});

test("production starts with NEXIOS_SECRET, and writes nothing", async () => {
  await using app = guarded({ NODE_ENV: "production", NEXIOS_SECRET: "x".repeat(32), NEXIOS_DATA: join(folder, "unused") });

  await app.listen({ port: 0 });

  expect(() => statSync(join(folder, "unused"))).toThrow(/ENOENT/);
});

test("a NEXIOS_SECRET of less than 32 bytes is refused at the start", async () => {
  await expect(guarded({ NEXIOS_SECRET: "x".repeat(31) }).listen({ port: 0 })).rejects.toThrow(/31 bytes/);
});

function guarded(env: Readonly<Record<string, string>>): NexiosApp {
  const app = new NexiosApp({ env, load: calm });
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    await ws.sendText(ws.user.id);
  });
  return app;
}
