// The process of a run of events, until it is killed; or, when all is to be quiet, until all is handled. Usage: events-server.ts FOLDER LIFE WRITERS
import { setTimeout } from "node:timers/promises";
import { join } from "node:path";
import { endWithParent } from "./end-with-parent.ts";
import { createEventsApp, subscriptionNames, sums } from "./events-app.ts";
import { writeEvents } from "./events-writer.ts";

/** What it tells its parent. */
export type EventsMessage =
  | { readonly kind: "started" }
  | {
      readonly kind: "quiet";
      /** All was handled in time. */
      readonly inTime: boolean;
      /** Dead letters of what is poisonous, of all others, and how many of the first were handled at last. */
      readonly letters: number;
      readonly otherLetters: number;
      readonly replayed: number;
      /** What the rooms have come to, by key. */
      readonly sums: Readonly<Record<string, { readonly count: number; readonly sum: number }>>;
    };

const patienceMs = 240_000;
const lookMs = 50;

const [folder = "", life = "0", writers = "0"] = process.argv.slice(2);
const journal = join(folder, "journal");
const isQuiet = Number(writers) === 0;

endWithParent();
const app = createEventsApp({ folder, journal, life: Number(life), isQuiet });
await app.start();
if (isQuiet) {
  await tell(await comeToRest());
  await app.stop();
  // Else the parent's pipe would keep it.
  process.exit();
} else {
  await tell({ kind: "started" });
  await Promise.all(Array.from({ length: Number(writers) }, () => writeEvents(app, journal)));
}

async function comeToRest(): Promise<EventsMessage> {
  let inTime = await untilHandled();
  const letters = await Promise.all(subscriptionNames.map((name) => countLetters(name)));
  const { handled } = await app.subscriptions.replayAll("poisoned");
  inTime &&= await untilHandled();
  const { rows } = await app.store.query("select key from counter where key <> 'poison'");
  const states = rows.map(async ({ key }) => [String(key), await app.room(sums, { key: String(key) }).state()] as const);
  return {
    kind: "quiet",
    inTime,
    letters: letters.at(-1) ?? 0,
    otherLetters: letters.slice(0, -1).reduce((sum, count) => sum + count, 0),
    replayed: handled,
    sums: Object.fromEntries(await Promise.all(states)),
  };
}

async function untilHandled(): Promise<boolean> {
  for (let leftMs = patienceMs; leftMs > 0; leftMs -= lookMs) {
    const lags = await app.subscriptions.lag();
    if (lags.every(({ entries, failing }) => entries === 0 && failing === 0)) return true;
    await setTimeout(lookMs);
  }
  return false;
}

async function countLetters(name: string): Promise<number> {
  let count = 0;
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await app.subscriptions.deadLetters(name, { before });
    const last = page.at(-1);
    if (last === undefined) return count;
    count += page.length;
    before = last.id;
  }
}

function tell(message: EventsMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}
