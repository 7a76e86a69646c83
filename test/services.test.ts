import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProgram, findServices, leftOutLine } from "./services.ts";

const root = join(import.meta.dirname, "..");

test("with an empty PATH the test command says in one line what it left out and what brings it, and passes the rest", () => {
  const env = { PATH: "", HOME: process.env["HOME"] ?? "", NEXIOS_RECORDS: "/nowhere" };

  const output = execFileSync(process.execPath, ["--conditions=source", "test/run.ts", "nexios/src/server/rate.test.ts"], { cwd: root, env, encoding: "utf8" });
  const lines = output.trim().split("\n");

  expect(lines.at(-2)).toBe(
    "Left out: the pages in a real browser (chromium), the load generator of the benches (cc), what the server asks of the system (strace), several processes over Redis (redis), what goes through nginx (nginx), what goes through HAProxy (haproxy), replays of recorded data (records). " +
      "To bring them: apt-get install -y --no-install-recommends chromium gcc libc6-dev strace redis-server nginx-light haproxy; set NEXIOS_RECORDS to the folder of the records",
  );
  expect(lines.at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/);
});

test("where nothing may be left out, a missing service fails the run", () => {
  const env = { PATH: "", HOME: process.env["HOME"] ?? "", CI: "true" };

  const run = (): string =>
    execFileSync(process.execPath, ["--conditions=source", "test/run.ts", "nexios/src/server/rate.test.ts"], { cwd: root, env, encoding: "utf8" });

  expect(run).toThrow(expect.objectContaining({ status: 1, stdout: expect.stringContaining("nothing may be left out") }));
});

test("a machine that has everything is told nothing", () => {
  expect(leftOutLine(findServices().map((service) => ({ ...service, present: true })))).toBeUndefined();
});

test("a program is found by the setting of its name before PATH", () => {
  expect(findProgram("chromium", { CHROMIUM: process.execPath, PATH: "" })).toBe(process.execPath);
  expect(findProgram("no-such-program", { PATH: "/usr/bin:/bin" })).toBeUndefined();
});
