import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { AppTransaction, NexiosApp } from "nexios";
import { between } from "./chance.ts";
import { poisonEvent, stepEvent } from "./events-app.ts";
import { type Step, writeNote } from "./events-journal.ts";

const keys = 50;
const pauseMs = [0, 60] as const;
const delayedChance = 0.2;
const delayMs = [0, 8] as const;
const rolledBackChance = 0.1;
const poisonChance = 0.01;

class RollBack extends Error {}

/** Writes one transaction after the other, until the process ends. */
export async function writeEvents(app: NexiosApp, journal: string): Promise<never> {
  for (;;) {
    await setTimeout(between(...pauseMs));
    try {
      const steps = await app.store.transaction((tx) => writeOne(tx, journal));
      writeNote(journal, { kind: "committed", steps });
    } catch (error) {
      if (error instanceof RollBack) continue;
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      writeNote(journal, { kind: "failed", code });
    }
  }
}

async function writeOne(tx: AppTransaction, journal: string): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const count = Math.floor(between(1, 4));
  for (let each = 0; each < count; each++) {
    const event = Math.random() < poisonChance ? poisonEvent : stepEvent;
    const key = event === poisonEvent ? "poison" : `key-${Math.floor(between(0, keys))}`;
    const { rows } = await tx.query("insert into counter (key, last) values (?, 1) on conflict do update set last = last + 1 returning last", [key]);
    const step = { id: randomUUID(), key, sequence: Number(rows[0]?.["last"]) };
    steps.push(step);
    const emitting = tx.emit(event, step);
    // Awaited or not: the transaction waits for it.
    if (Math.random() < 0.5) await emitting;
    await tx.query("insert into emitted (id, event, key, sequence) values (?, ?, ?, ?)", [step.id, event.name, key, step.sequence]);
    if (Math.random() < delayedChance) await setTimeout(between(...delayMs));
  }
  if (Math.random() >= rolledBackChance) return steps;
  writeNote(journal, { kind: "rolledBack", steps });
  throw new RollBack();
}
