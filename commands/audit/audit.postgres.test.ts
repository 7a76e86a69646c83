import { NexiosApp } from "nexios";
import { auction, ebaySteps, sale } from "nexios/auction";
import { addAuctions } from "nexios/auction/server";
import { expect, test, vi } from "vitest";
import { usePostgres } from "../../nexios/src/postgres/database.fixture.ts";
import { startProgram } from "../../test/child-process.ts";

const postgres = usePostgres();

interface Audited {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly last: unknown;
}

async function audit(url: string, ...args: readonly string[]): Promise<Audited> {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/audit.ts", ...args], { DATABASE_URL: url });
  const code = await program.ended;
  const last = program.lines.find((line) => line.startsWith('{"lot"'));
  return { code, lines: program.lines, last: last === undefined ? undefined : JSON.parse(last) };
}

/** Two bid on it, and it is over. */
async function sellClock(url: string): Promise<void> {
  const app = new NexiosApp({ rooms: { databaseUrl: url }, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } });
  addAuctions(app, { isAuctioneer: () => false });
  await app.start();
  const [room, opensAt] = [app.room(auction, { lotId: "clock" }), await app.store.now()];
  const common = { title: "Clock", about: "", currency: "EUR", opening: 100, opensAt, sale: { id: "main", number: 1 } };
  await room.call("list", { terms: { ...common, kind: "english", steps: ebaySteps, closesAt: opensAt + 60_000 }, secret: { reserve: 200 } });
  await vi.waitUntil(async () => (await room.state()).isOpened, { timeout: 20_000 });
  for (const [id, maximum] of [["ann", 300] as const, ["bob", 500] as const]) await room.call("bid", { maximum, currency: "EUR" }, { user: { id, name: id } });
  await room.call("pass");
  await vi.waitUntil(async () => (await app.room(sale, { saleId: "main" }).state())[0]?.closed !== undefined, { timeout: 20_000 });
  await app.stop();
}

test("a lot in PostgreSQL is printed with its secrets, its chain holds, and what was altered there is found", { timeout: 120_000 }, async () => {
  const url = await postgres.newUrl();
  const empty = await audit(url, "clock");
  await sellClock(url);

  const whole = await audit(url, "clock");
  const missing = await audit(url, "other");
  const away = await audit("postgres://localhost/none?host=/nowhere", "clock");
  const wrong = await audit("hello", "clock");
  await postgres.sql(url, `update nexios_entry set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '300', '400'), 'UTF8')`);
  const altered = await audit(url, "clock");

  expect(whole.last).toMatchObject({ lot: "clock", ok: true, firstBad: null });
  expect(whole.code).toBe(0);
  expect(whole.lines.some((line) => line.includes('"reserve":200'))).toBe(true);
  expect(altered.code).toBe(1);
  expect(altered.last).toMatchObject({ lot: "clock", ok: false });
  expect([empty, missing, away, wrong].map(({ code, lines }) => [code, lines[0]])).toEqual([
    [1, "audit: the database that DATABASE_URL names has no rooms: no app was started on it"],
    [1, 'audit: the database that DATABASE_URL names has no lot "other"'],
    [1, expect.stringMatching(/^audit: PostgreSQL can't be reached: connect ENOENT/)],
    [1, expect.stringMatching(/^audit: DATABASE_URL, .*begins with "postgres:/)],
  ]);
});
