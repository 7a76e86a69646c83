import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import type { LotEntry } from "./lot-app.ts";
import { type House, startHouse } from "./start-house.ts";

const tenMinutesMs = 600_000;
/** A process that thinks it may be off by more closes nothing. */
const boundMs = 100;

/** What came of a lot that one process has opened and another one knew too. */
interface Story {
  /** What bids before the end and after it were told, of one process and of the other. */
  readonly early: readonly unknown[];
  readonly late: readonly unknown[];
  readonly entries: readonly string[];
  /** Whether what bears a time bears the store's. */
  readonly isInTime: boolean;
  /** Of a process that knows the time. */
  readonly health: unknown;
}

/** The story of a lot that closes once, at the store's time, and whose bids are judged by it. */
export const rightStory: Story = {
  early: ["accepted", "accepted"],
  late: ["CLOSED", "CLOSED"],
  entries: ["opened", "bid", "bid", "closed"],
  isInTime: true,
  health: { status: "pass" },
};

/** Two processes whose wall clocks are twenty minutes apart, each ten from the store's; each opens a lot. */
export async function playLots(log: "volatile" | "durable", env: Readonly<Record<string, string>>): Promise<readonly Story[]> {
  const houses = await Promise.all([startHouse(log, env, -tenMinutesMs), startHouse(log, env, tenMinutesMs)] as const);
  const [slow, fast] = houses;
  try {
    if ((await fast.clock()) - (await slow.clock()) < tenMinutesMs) throw new Error("The clocks were to be apart");
    return [await playLot(slow, fast), await playLot(fast, slow)];
  } finally {
    await Promise.all(houses.map(({ program }) => program.stop()));
  }
}

async function playLot(opener: House, other: House): Promise<Story> {
  const id = randomUUID();
  // The store is on this machine: its time is ours.
  const startedAt = Date.now();
  await opener.open(id, 10_000);
  const early = [await opener.bid(id, "ann"), await other.bid(id, "bob")];
  const bidBy = Date.now();
  await vi.waitUntil(async () => (await other.entries(id)).some(({ kind }) => kind === "closed"), { timeout: 60_000, interval: 50 });
  const closedBy = Date.now();
  const late = [await opener.bid(id, "cat"), await other.bid(id, "dan")];
  const entries = await opener.entries(id);
  const isInTime = entries.every((entry) => isBetween(entry, startedAt, entry.kind === "closed" ? closedBy : bidBy)) && isAfterEnd(entries);
  return { early, late, entries: entries.map(({ kind }) => kind), isInTime, health: await other.health() };
}

function isBetween({ at }: LotEntry, least: number, most: number): boolean {
  return at >= least - boundMs && at <= most + boundMs;
}

function isAfterEnd(entries: readonly LotEntry[]): boolean {
  const opened = entries.find((entry) => entry.kind === "opened");
  return entries.every((entry) => entry.kind !== "closed" || entry.at >= (opened?.closesAt ?? Infinity));
}
