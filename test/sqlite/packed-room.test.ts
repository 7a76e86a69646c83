import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NexiosApp } from "nexios";
import { accept, defineRoom, type } from "nexios/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const words = defineRoom("words/{id}", {
  log: "durable",
  entry: type<string>(),
  state: type<number>(),
  calls: { say: { input: type<string>() } },
}).fold(0, (count) => count + 1);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-packed-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function openApp(keepsAll: boolean): NexiosApp {
  const history = { checkpointEvery: 10, keepEntries: 5 };
  const served = words.serve({ authorize: () => true, keepsAll, input: { say: { unchecked: true } }, decide: { say: (_state, word) => accept(word) } });
  return new NexiosApp({ rooms: { folder, limits: { history } } }).add(served);
}

async function say(app: NexiosApp, from: number, to: number): Promise<void> {
  for (let word = from; word <= to; word++) await app.room(words, { id: "1" }).call("say", `word ${word}`);
}

/** How many entries stand in rows, and in packs. */
function stored(): { readonly rows: number; readonly packed: number } {
  const db = new DatabaseSync(join(folder, "nexios.db"), { readOnly: true });
  try {
    const found = db
      .prepare("select (select count(*) from nexios_entry) as rows, (select coalesce(sum(last_offset + 1 - first_offset), 0) from nexios_pack) as packed")
      .get();
    return { rows: Number(found?.["rows"]), packed: Number(found?.["packed"]) };
  } finally {
    db.close();
  }
}

test("a room that keeps all packs what lies far back while it is served, and goes on from it after a restart, and when it keeps all no more", async () => {
  const first = openApp(true);
  await say(first, 1, 42);
  await vi.waitUntil(() => stored().packed === 30, { timeout: 5_000 });
  await first.stop();

  const second = openApp(true);
  await say(second, 43, 60);
  const state = await second.room(words, { id: "1" }).state();
  await vi.waitUntil(() => stored().packed === 40, { timeout: 5_000 });
  await second.stop();
  const third = openApp(false);
  await say(third, 61, 70);
  const last = await third.room(words, { id: "1" }).state();
  await third.stop();

  expect([state, last]).toEqual([60, 70]);
  // Of the first ones nothing is left, and of those before the checkpoint at 70 five public parts.
  expect(stored()).toEqual({ rows: 5, packed: 0 });
});
