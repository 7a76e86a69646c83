import { NexiosApp } from "nexios";
import { serveAuction } from "nexios/auction/server";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addSessionRoutes } from "../../demo/server/session-routes.ts";
import { startProgram } from "../../test/child-process.ts";
import { openHouse } from "./bids-house.ts";
import { playLot } from "./bids-lot.ts";
import type { RecordedAuction } from "./bids-records.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-bids-test-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const head = "auction,duration_days,bid_at_seconds,bidder,max_bid,opening_bid,final_price,item";
const lines = [
  // The second maximum of 10.00 and a step of 0.50; the winner's own bid is masked to it.
  "a,7,10,x,5.00,1.00,10.50,Cup",
  "a,7,90000,y,10.50,1.00,10.50,Cup",
  "a,7,604799,x,10.00,1.00,10.50,Cup",
  // Nobody else bids.
  "b,3,5,x,9.00,1.00,1.00,Cup",
  // He raised himself to what was to be had for it.
  "c,3,5,x,5.00,1.00,14.00,Cup",
  "c,3,6,y,6.00,1.00,14.00,Cup",
  "c,3,7,y,14.00,1.00,14.00,Cup",
];
const summary = {
  auctions: 3,
  seen: 2,
  hidden: 2,
  hiddenOf: 2,
  explained: { fullStep: 1, winnersMaximum: 0, tie: 0, opening: 1 },
  unexplained: [{ auction: "c", recorded: "14.00", ours: "5.50", reason: "RESERVE_OR_REMOVED" }],
};

async function run(bids: readonly string[], ...args: readonly string[]): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const file = join(folder, "bids.csv");
  writeFileSync(file, [head, ...bids].join("\n"));
  const program = startProgram(process.execPath, ["--conditions=source", "commands/replay.ts", "bids", file, ...args], { TMPDIR: folder });
  return { code: await program.ended, lines: program.lines };
}

function summaryOf(printed: readonly string[]): unknown {
  return JSON.parse(printed.findLast((line) => line.startsWith("{")) ?? "{}");
}

test("a server of its own is bid at, moment by moment, and its prices are told beside the records", async () => {
  const { code, lines: printed } = await run(lines);

  expect(summaryOf(printed)).toEqual(summary);
  expect(printed).toContain("replay of lots: 5 of 5");
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual(["bids.csv"]);
});

test("a price that no rule gives ends with exit code 1", async () => {
  const { code, lines: printed } = await run(["a,7,10,x,5.00,1.00,3.00,Cup", "a,7,11,y,10.00,1.00,3.00,Cup"]);

  expect(summaryOf(printed)).toMatchObject({ seen: 0, unexplained: [{ recorded: "3.00", ours: "5.50", reason: "OTHER" }] });
  expect(code).toBe(1);
});

test("with a speed the same is played by the real clock", async () => {
  const { code, lines: printed } = await run(lines, "--speed", "10000000");

  expect(summaryOf(printed)).toEqual(summary);
  expect(code).toBe(0);
});

test("a running house is visited with sessions of its own, and lots that nobody else lists", async () => {
  const lots = new Set<string>();
  await using app = new NexiosApp({ env: { NEXIOS_SECRET: "a secret of at least thirty-two bytes" }, rooms: { folder } }).add(
    serveAuction({ isAuctioneer: (_user, lotId) => lots.add(lotId) && lotId.startsWith("replay-") }),
  );
  addSessionRoutes(app);
  const { url } = await app.listen({ port: 0 });

  const { code, lines: printed } = await run(lines, "--speed", "10000000", "--url", url);

  expect(summaryOf(printed)).toEqual(summary);
  expect(lots.size).toBe(5);
  expect(code).toBe(0);
});

test.for([
  [["--url", "http://127.0.0.1:9"], "--url needs --speed N: the clock of a running server can't be moved"],
  [["--url", "127.0.0.1:9", "--speed", "9"], "--url must be an address such as http://127.0.0.1:3000, not 127.0.0.1:9"],
  [["--url", "http://127.0.0.1:9", "--speed", "9"], 'No server answers at http://127.0.0.1:9: start one with "npm start", or leave out --url'],
] as const)("%j is answered with one sentence and exit code 1", async ([args, sentence]) => {
  const { code, lines: printed } = await run(lines, ...args);

  expect(printed).toEqual([`replay: ${sentence}`]);
  expect(code).toBe(1);
});

test("each bid is received at its moment of the record, and what is no raise is told", async () => {
  const record: RecordedAuction = {
    id: "a",
    item: "Cup",
    durationMs: 86_400_000,
    opening: 100,
    finalPrice: 1,
    bids: [
      { afterMs: 0, bidder: "x", maximum: 200 },
      { afterMs: 3_600_000, bidder: "y", maximum: 300 },
      { afterMs: 3_600_000, bidder: "y", maximum: 300 },
      { afterMs: 86_399_000, bidder: "x", maximum: 260 },
    ],
  };
  await using house = await openHouse({ isVirtual: true });
  const refused: string[] = [];

  const price = await playLot({ house, lotId: "a", record, speed: 1, slackMs: 0, onRefused: (code) => void refused.push(code) });
  const state = await house.stateOf("a");

  expect(price).toBe(285);
  expect(refused).toEqual(["NOT_A_RAISE"]);
  const opensAt = state.terms?.opensAt ?? 0;
  expect(state.newest.map(({ at }) => at - opensAt)).toEqual([86_399_000, 3_600_000, 0]);
  expect(state.closed).toMatchObject({ ending: "time", at: opensAt + 86_400_200, sold: { price: 285 } });
  expect(state.extensions).toBe(0);
});
