import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = join(import.meta.dirname, "notifications.ts");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexios-notifications-"));
});

afterEach(() => rm(folder, { recursive: true }));

test("who has a page open is told there, who is away gets a mail, and each is told once", async () => {
  const child = spawn(process.execPath, ["--conditions=source", program], {
    env: { ...process.env, NEXIOS_DATA: folder, NEXIOS_SECRET: "a secret for the example, of enough bytes", PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    // Ann's would have been due before Bob's.
    if (line.startsWith("Mail")) child.kill("SIGTERM");
  }

  expect(lines).toEqual(["On Ann's page: Your clock is on its way", "Mail to bob@example.com: Your lamp is on its way"]);
}, 60_000);

test("the example has fewer than forty lines", async () => {
  expect((await readFile(program, "utf8")).trimEnd().split("\n").length).toBeLessThan(40);
});
