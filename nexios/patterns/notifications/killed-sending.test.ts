import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { KilledHouse } from "./killed-house.fixture.ts";
import { MailServer } from "./mail-server.fixture.ts";
import { PushService } from "./push-service.fixture.ts";

const people = Array.from({ length: 12 }, (_, number) => `person-${number}`);

let folder: string;
let push: PushService;
let mail: MailServer;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-killed-"));
  [push, mail] = [new PushService(), new MailServer()];
  await Promise.all([push.listen(), mail.listen()]);
});

afterEach(async () => {
  child?.kill("SIGKILL");
  await Promise.all([push.close(), mail.close()]);
  rmSync(folder, { recursive: true });
});

/** Starts the house; gives where it listens. */
async function start(told: KilledHouse): Promise<string> {
  child = spawn(process.execPath, ["--conditions=source", join(import.meta.dirname, "killed-house.fixture.ts"), JSON.stringify(told)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("It has no output");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("It has ended");
}

async function kill(): Promise<void> {
  const ending = child === undefined ? undefined : once(child, "exit");
  child?.kill("SIGKILL");
  await ending;
}

test("over kills in the middle of sending each endpoint gets its delivery, once more at most for each kill, and always under one id", async () => {
  const told: KilledHouse = {
    folder,
    push: { host: push.host, ca: push.tls.certificate },
    mail: { port: mail.port, ca: mail.tls.certificate },
    people: Object.fromEntries(people.map((name) => [name, [push.subscribe(`${name}/phone`), push.subscribe(`${name}/desk`)]])),
  };
  let kills = 0;
  for (const killAt of [3, 11, 19]) {
    await start(told);
    await vi.waitFor(() => expect(push.pushed.length).toBeGreaterThanOrEqual(killAt), { timeout: 15_000, interval: 1 });
    await kill();
    kills++;
  }

  const url = await start(told);
  const reports = await vi.waitFor(
    async () => {
      const all = (await (await fetch(`${url}/reports`)).json()) as readonly string[];
      expect(all).toHaveLength(people.length * 3);
      return all;
    },
    { timeout: 15_000, interval: 50 },
  );

  expect(new Set(reports)).toEqual(new Set(people.flatMap((name) => [`${name} 4-push sent`, `${name} 4-email sent`])));
  const pushes = Map.groupBy(push.pushed, ({ to }) => to);
  expect([...pushes.keys()].toSorted()).toEqual(people.flatMap((name) => [`${name}/phone`, `${name}/desk`]).toSorted());
  const mails = Map.groupBy(mail.mailed, ({ to }) => to.join());
  expect([...mails.keys()].toSorted()).toEqual(people.map((name) => `${name}@example.com`).toSorted());
  for (const same of pushes.values()) {
    expect(same.length).toBeLessThanOrEqual(1 + kills);
    expect(new Set(same.map(({ headers, payload }) => `${String(headers["topic"])} ${String(payload["id"])}`)).size).toBe(1);
  }
  for (const same of mails.values()) {
    expect(same.length).toBeLessThanOrEqual(1 + kills);
    expect(new Set(same.map(({ headers }) => headers.get("message-id")?.[0])).size).toBe(1);
  }
}, 60_000);
