import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { account, heldIn } from "./account.ts";
import { auction } from "./contract.ts";
import { addAuctions, type AuctionHouseOptions } from "./house.ts";
import { sale } from "./sale.ts";
import { ebaySteps } from "./steps.ts";
import type { EnglishTerms } from "./terms.ts";

let folder: string;
let app: NexiosApp;
const [ann, bob] = ["ann", "bob"].map((id) => ({ id, name: id })) as [{ id: string; name: string }, { id: string; name: string }];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-house-"));
});

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

async function open(options: Partial<AuctionHouseOptions> = {}, clock?: ManualClock): Promise<void> {
  app = new NexiosApp({ rooms: { folder }, ...(clock !== undefined && { clock }) });
  addAuctions(app, { isAuctioneer: ({ id }) => id === "auctioneer", ...options });
  await app.start();
}

async function list(lotId: string, terms: Partial<EnglishTerms> = {}): Promise<void> {
  const now = terms.opensAt ?? Date.now();
  const whole: EnglishTerms = {
    kind: "english",
    title: lotId,
    about: "",
    currency: "EUR",
    opening: 100,
    steps: ebaySteps,
    opensAt: now,
    closesAt: now + 600_000,
    ...terms,
  };
  const outcome = await app.room(auction, { lotId }).call("list", { terms: whole, secret: {} });
  expect(outcome.kind).toBe("accepted");
}

function bid(user: { id: string; name: string }, lotId: string, maximum: number) {
  return app.room(auction, { lotId }).call("bid", { maximum, currency: "EUR" }, { user });
}

test("a hundred bids at once on a hundred lots never lead for more than the limit, and as many are taken as it allows", async () => {
  await open({ limitOf: () => 300 });
  const lots = Array.from({ length: 100 }, (_, index) => `lot-${index}`);
  await Promise.all(lots.map((lotId) => list(lotId)));

  const outcomes = await Promise.all(lots.map((lotId) => bid(ann, lotId, 100)));
  const owns = await Promise.all(lots.map((lotId) => app.room(auction, { lotId }).ask("own", undefined, { user: ann })));

  expect(outcomes.filter(({ kind }) => kind === "accepted")).toHaveLength(3);
  expect(owns.filter((own) => own.kind === "answered" && own.value.standing === "leading")).toHaveLength(3);
  expect(heldIn(await app.room(account, { userId: "ann" }).state(), "EUR")).toBe(300);
  const refused = outcomes.find(({ kind }) => kind === "refused");
  expect(refused).toMatchObject({ code: "LIMIT_REACHED", data: { limit: 300, available: 0, minimum: 100, currency: "EUR" } });
});

test("money that is held elsewhere can't be bid with until one is outbid there; a raise holds only what is more", async () => {
  const clock = new ManualClock();
  await open({ limitOf: ({ id }) => (id === "ann" ? 300 : Infinity) }, clock);
  await Promise.all([list("one", { opensAt: clock.now() }), list("two", { opensAt: clock.now() })]);

  await bid(ann, "one", 200);
  const raised = await bid(ann, "one", 300);
  const tooMuch = await bid(ann, "two", 100);
  await bid(bob, "one", 1_000);
  await clock.advance(6_000);
  const elsewhere = await bid(ann, "two", 300);
  const back = await bid(ann, "one", 2_000);

  expect([raised.kind, tooMuch.kind, elsewhere.kind, back.kind]).toEqual(["accepted", "refused", "accepted", "refused"]);
  expect(back).toMatchObject({ code: "LIMIT_REACHED", data: { available: 0 } });
});

test("a bid that comes far too late is refused with what would be right, and holds no money", async () => {
  await open({ limitOf: () => 10_000 });
  await list("one", { sale: { id: "main", number: 1 } });
  await bid(ann, "one", 2_000);
  await bid(bob, "one", 1_000);
  await vi.waitFor(async () => expect(await app.room(sale, { saleId: "main" }).state()).toMatchObject([{ price: 1_050 }]));
  const before = (await app.room(account, { userId: "bob" }).state()).numbers;

  const late = await bid(bob, "one", 900);

  expect(late).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 1_100, currency: "EUR" } });
  expect((await app.room(account, { userId: "bob" }).state()).numbers).toBe(before);
});

test("the list of a sale shows each lot as it stands, and its end, without its room being joined", async () => {
  await open();
  await list("one", { sale: { id: "main", number: 1 } });
  await list("two", { sale: { id: "main", number: 2 }, title: "Second" });
  await bid(ann, "two", 500);
  await app.room(auction, { lotId: "one" }).call("pass");

  await vi.waitFor(async () => {
    const cards = await app.room(sale, { saleId: "main" }).state();
    expect(cards).toMatchObject([
      { lotId: "one", number: 1, closed: { ending: "withdrawn" } },
      { lotId: "two", title: "Second", price: 100, bids: 1 },
    ]);
  });
});

test("each bidder's own room says how he stands, and nobody else may read it", async () => {
  await open({ limitOf: () => 10_000 });
  await list("one", { sale: { id: "main", number: 1 }, closesAt: Date.now() + 1_500 });
  await bid(ann, "one", 500);
  await bid(bob, "one", 800);

  await vi.waitFor(
    async () => expect((await app.room(account, { userId: "ann" }).state()).lots).toMatchObject([{ lotId: "one", standing: "outbid", maximum: 500 }]),
    { timeout: 5_000 },
  );
  await vi.waitFor(
    async () => {
      expect((await app.room(account, { userId: "ann" }).state()).lots).toMatchObject([{ lotId: "one", standing: "lost" }]);
      expect((await app.room(account, { userId: "bob" }).state()).lots).toMatchObject([{ lotId: "one", standing: "won", price: 550 }]);
    },
    { timeout: 10_000 },
  );
});

test("what nobody sees, a leader's raise, stands in the bidder's own room all the same", async () => {
  await open();
  await list("one");
  await bid(ann, "one", 500);
  await vi.waitFor(async () => expect((await app.room(account, { userId: "ann" }).state()).lots).toMatchObject([{ maximum: 500 }]), { timeout: 5_000 });

  await bid(ann, "one", 900);

  await vi.waitFor(async () => expect((await app.room(account, { userId: "ann" }).state()).lots).toMatchObject([{ maximum: 900, standing: "leading" }]), {
    timeout: 5_000,
  });
});

test("a lot that was listed just before a crash stands on its list when the house is open again", async () => {
  await open({ sales: ["main"] });
  await list("one", { sale: { id: "main", number: 1 } });
  await app.stop({ deadlineMs: 1 });

  await open({ sales: ["main"] });
  await bid(ann, "one", 500);

  await vi.waitFor(async () => expect(await app.room(sale, { saleId: "main" }).state()).toMatchObject([{ lotId: "one", price: 100, bids: 1 }]), {
    timeout: 5_000,
  });
});
