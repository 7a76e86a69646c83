import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "../services.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/deploy/nexios@.service"), "utf8");

function settingOf(name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1];
}

test("the unit is one by systemd's own check, where that is here, and has a line for nothing but settings", () => {
  const wrong = text.split("\n").filter((line) => !/^(?:|#.*|\[(?:Unit|Service|Install)\]|[A-Z]\w+=.*)$/.test(line));
  const folder = mkdtempSync(join(tmpdir(), "nexios-unit-"));
  const file = join(folder, "nexios@3001.service");
  // Nothing but the paths of programs, which must be there.
  writeFileSync(file, text.replace("/usr/bin/node", process.execPath).replace("/usr/bin/curl", process.execPath).replace("/opt/app", "/"));

  const program = findProgram("systemd-analyze");
  const { status, stderr } = program === undefined ? { status: 0, stderr: "" } : spawnSync(program, ["verify", "--man=no", file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });

  expect(wrong).toEqual([]);
  expect([status, stderr.split("\n").filter((line) => line.includes("nexios@"))]).toEqual([0, []]);
});

test("systemd waits longer for a stop than a stop takes, and a start has ended when the process is ready", () => {
  expect(Number(settingOf("TimeoutStopSec"))).toBeGreaterThan(3 + 10);
  expect([settingOf("KillSignal"), settingOf("KillMode"), settingOf("Restart")]).toEqual(["SIGTERM", "mixed", "always"]);
  expect(settingOf("ExecStartPost")).toMatch(/ http:\/\/127\.0\.0\.1:%i\/health\/ready$/);
});

test("a process that dies is started again as often as it takes, since what it needs may be away for long", () => {
  expect([settingOf("Restart"), settingOf("StartLimitIntervalSec")]).toEqual(["always", "0"]);
  expect(Number(settingOf("RestartSec"))).toBeGreaterThan(0);
});

test("the secret stands in a file of its own, and nothing in the unit", () => {
  expect(settingOf("EnvironmentFile")).toBe("/etc/nexios/app.env");
  expect(text).not.toMatch(/^Environment=.*(?:SECRET|PASSWORD|_URL)/m);
});
