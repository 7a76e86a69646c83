import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, expect, test, vi } from "vitest";
import { account, type Account, heldIn, mostHolds } from "./account.ts";
import { auction } from "./contract.ts";
import { addAuctions, type AuctionHouseOptions } from "./house.ts";
import { english } from "./paper-lot.fixture.ts";
import { sale } from "./sale.ts";
import type { EnglishTerms } from "./terms.ts";

const clock = new ManualClock();
const newest = { allUntilMs: 0, newestForMs: 600_000 };
let folder: string;
let app: NexiosApp;

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

async function open(limit: number, options: Partial<AuctionHouseOptions> = {}): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), "nexios-holds-"));
  await start({ limitOf: () => limit, ...options });
}

async function start(options: Partial<AuctionHouseOptions>): Promise<void> {
  app = new NexiosApp({ rooms: { folder }, clock });
  addAuctions(app, { isAuctioneer: () => false, ...options });
  await app.start();
}

async function list(lotId: string, terms: Partial<EnglishTerms> = {}): Promise<void> {
  const opensAt = clock.now();
  await app.room(auction, { lotId }).call("list", { terms: english({ opensAt, closesAt: opensAt + 600_000, ...terms }), secret: {} });
}

async function bid(id: string, lotId: string, maximum: number, currency = "EUR"): Promise<string> {
  const outcome = await app.room(auction, { lotId }).call("bid", { maximum, currency }, { user: { id, name: id } });
  return outcome.kind === "accepted" ? outcome.result.standing : outcome.code;
}

function stateOf(userId: string): Promise<Account> {
  return app.room(account, { userId }).state();
}

/** Lets time pass until something holds. */
async function passUntil(expected: () => Promise<void>): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(250);
      await expected();
    },
    { timeout: 10_000, interval: 5 },
  );
}

test("a bid in a currency that is not the lot's makes no room for a higher one", async () => {
  await open(300_00);
  await list("one");

  expect(await bid("ann", "one", 300_00, "JPY")).toBe("WRONG_CURRENCY");
  expect(await bid("ann", "one", 600_00)).toBe("LIMIT_REACHED");
  expect(await bid("ann", "one", 300_00)).toBe("leading");
});

test("what a leader's lot needs stays held in its own currency, whatever else was bid there", async () => {
  await open(300_00);
  await Promise.all([list("one"), list("two")]);
  await bid("ann", "one", 300_00);
  await bid("ann", "one", 1, "JPY");
  await clock.advance(6_000);

  expect(await bid("ann", "two", 300_00)).toBe("LIMIT_REACHED");
  expect(heldIn(await stateOf("ann"), "EUR")).toBe(300_00);
});

test("a limit that is no number lets nobody bid", async () => {
  await open(NaN);
  await list("one");

  await expect(bid("ann", "one", 10_00)).rejects.toMatchObject({ code: "INTERNAL" });
});

test("bids that can't be taken cost the bidder's own log one entry, and the lots that he leads none", async () => {
  await open(300_00);
  await Promise.all([list("one"), list("two")]);
  await bid("ann", "one", 300_00);
  await Promise.all(Array.from({ length: 100 }, (_, index) => bid("ann", "one", 299_00 - index)));
  expect((await stateOf("ann")).holds).toHaveLength(1);
  await clock.advance(6_000);
  let entries = 0;
  const end = await app.room(auction, { lotId: "one" }).watch(() => void entries++);

  for (let index = 0; index < 20; index++) expect(await bid("ann", "two", 200_00 + index)).toBe("LIMIT_REACHED");

  end();
  expect(entries).toBe(1);
});

test("where a bid may be below the price, a late one is judged by its sum", async () => {
  await open(900_00);
  await list("one", { least: "any", sale: { id: "s", number: 1 } });
  await bid("ann", "one", 90_00);
  await bid("bob", "one", 50_00);
  await passUntil(async () => expect(await app.room(sale, { saleId: "s" }).state()).toMatchObject([{ price: 51_00 }]));

  expect(await bid("cat", "one", 30_00)).toBe("outbid");
});

test("an account holds for so many lots and no more", async () => {
  await open(Infinity);
  const room = app.room(account, { userId: "ann" });
  const hold = (lotId: string) => room.call("hold", { lotId, amount: 1, currency: "EUR", limit: 1_000_000 });
  for (let lot = 0; lot < mostHolds; lot += 100) await Promise.all(Array.from({ length: 100 }, (_, index) => hold(`lot-${lot + index}`)));

  expect(await hold("one-more")).toMatchObject({ kind: "refused", code: "LIMIT_REACHED", data: { available: 0 } });
  expect(heldIn(await stateOf("ann"), "EUR")).toBe(mostHolds);
});

test("what was held for bids that are refused is let go soon, and what a leader needs is not", async () => {
  await open(900_00);
  await Promise.all([list("one"), list("two")]);
  await app.room(auction, { lotId: "two" }).call("pass");
  await bid("ann", "one", 200_00);
  expect([await bid("ann", "one", 500_00, "JPY"), await bid("ann", "two", 300_00)]).toEqual(["WRONG_CURRENCY", "CLOSED"]);

  await passUntil(async () => expect((await stateOf("ann")).holds).toMatchObject([{ lotId: "one", amount: 200_00, currency: "EUR" }]));
});

test("who is outbid at once has his money back soon, and so has who takes his bid back", async () => {
  await open(900_00);
  await list("one", { retraction: newest });
  await bid("ann", "one", 500_00);
  await bid("bob", "one", 700_00);
  await passUntil(async () => expect(heldIn(await stateOf("ann"), "EUR")).toBe(0));
  expect((await stateOf("bob")).lots).toMatchObject([{ standing: "leading" }]);

  await app.room(auction, { lotId: "one" }).call("retract", undefined, { user: { id: "bob", name: "bob" } });

  await passUntil(async () => expect(await stateOf("bob")).toMatchObject({ lots: [], holds: [] }));
});

test("a lot's card is closed only when all who bid have been told, so that a restart between leaves nobody untold", async () => {
  await open(Infinity, { sales: ["s"] });
  await list("one", { sale: { id: "s", number: 1 } });
  const names = Array.from({ length: 60 }, (_, index) => `bidder-${index}`);
  for (const [index, name] of names.entries()) await bid(name, "one", 10_00 * (index + 1));
  await passUntil(async () => expect((await stateOf("bidder-59")).lots).toMatchObject([{ standing: "leading" }]));
  const stopped = Promise.withResolvers<void>();
  const list_ = app.room(sale, { saleId: "s" });
  await list_.watch(() => void list_.state().then((cards) => (cards[0]?.closed === undefined ? undefined : app.stop().then(stopped.resolve))));

  await app.room(auction, { lotId: "one" }).call("pass");
  await Promise.race([stopped.promise, passUntil(() => Promise.reject(new Error("not closed yet")))]);
  await start({ sales: ["s"] });

  for (const name of names) expect((await stateOf(name)).lots).toMatchObject([{ standing: "lost" }]);
});
