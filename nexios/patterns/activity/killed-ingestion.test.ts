import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ActivityBatch, BatchAnswer, NewEvent } from "./event.ts";

let folder: string;
let child: ChildProcess | undefined;
let url = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-killed-activity-"));
});

afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  child = spawn(process.execPath, ["--conditions=source", join(import.meta.dirname, "killed-house.fixture.ts"), folder, String(now)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("It has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    url = line;
    return;
  }
  throw new Error("It has ended");
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ending = once(child, "exit");
  child.kill("SIGKILL");
  await ending;
}

/** The answer, or nothing where the process died before it. */
async function send(batch: ActivityBatch): Promise<BatchAnswer | undefined> {
  try {
    const response = await fetch(`${url}/activity`, { method: "POST", body: JSON.stringify(batch) });
    return (await response.json()) as BatchAnswer;
  } catch {
    return undefined;
  }
}

const hourMs = 3_600_000;
/** It stands still, so that no day ends in between. */
const now = Date.UTC(2030, 0, 1, 12);
/** Sixty batches of fifty: events of the last three hours, one of twenty visitors each. */
const batches = Array.from({ length: 60 }, (_, number): ActivityBatch => {
  const events = Array.from({ length: 50 }, (__, index): NewEvent => {
    const place = number * 50 + index;
    return {
      id: `event-${place}`,
      type: `type-${place % 3}`,
      path: `/${place % 7}`,
      visitor: `v${place % 20}`,
      at: now - Math.floor((place * 3 * hourMs) / 3_000),
    };
  });
  return { events };
});

test("over kills each batch that is sent three times is counted once, and none that was acknowledged is lost", async () => {
  const acknowledged = new Set<ActivityBatch>();
  let [died, lost] = [0, 0];
  for (let round = 0; round < 3; round++) {
    await start();
    // The process dies in the middle of the first two rounds, each time somewhere else, with many batches on their way.
    const answers = batches.map(async (batch, index) => {
      const answer = await send(batch);
      if (round < 2 && index === 20 + round * 15) await kill();
      if (answer === undefined) return void died++;
      expect(answer).toEqual({ accepted: 50, duplicate: 0, rejected: [] });
      acknowledged.add(batch);
    });
    await Promise.all(answers);
    if (round < 2) {
      await start();
      const { stored } = (await (await fetch(`${url}/totals`)).json()) as { stored: number };
      lost += Math.max(0, acknowledged.size * 50 - stored);
      await kill();
    }
  }

  const totals: unknown = await (await fetch(`${url}/totals`)).json();

  expect(lost).toBe(0);
  expect(acknowledged.size).toBe(batches.length);
  expect(died).toBeGreaterThan(0);
  const per = (labels: number, name: (index: number) => string) =>
    Array.from({ length: labels }, (_, index) => ({ label: name(index), count: Math.floor(3_000 / labels) + (index < 3_000 % labels ? 1 : 0) }));
  const events = batches.flatMap((batch) => batch.events);
  const minutes = Map.groupBy(events, ({ at = 0 }) => Math.floor(at / 60_000));
  expect(totals).toMatchObject({
    stored: 3_000,
    types: per(3, (index) => `type-${index}`),
    paths: per(7, (index) => `/${index}`),
    summary: {
      events: 3_000,
      visitors: { count: 20, isExact: true },
      sessions: 20,
      minutes: minutes.size,
      peakPerMinute: Math.max(...[...minutes.values()].map(({ length }) => length)),
    },
  });
}, 60_000);
