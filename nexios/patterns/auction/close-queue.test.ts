import { expect, test } from "vitest";
import { Gallery } from "./gallery.fixture.ts";
import { english } from "./paper-lot.fixture.ts";
import { serveAuction } from "./server.ts";

const currency = "EUR";
const dayMs = 24 * 3_600_000;
const names = ["ann", "bob", "cat"] as const;

/** What bids that come 1 ms before a lot's end, at it and 1 ms after are told, and how the lot ends. */
async function bidAtTheEnd({
  seed,
  skewMs = 0,
  prepareMs = 0,
  slowBy = 1,
}: {
  seed: number;
  skewMs?: number;
  prepareMs?: number;
  slowBy?: number;
}): Promise<unknown> {
  const served = serveAuction({
    isAuctioneer: ({ id }) => id === "sue",
    mayBid: () => new Promise<boolean>((resolve) => gallery.cluster.scheduler.after(prepareMs, () => resolve(true))),
  });
  const gallery: Gallery = new Gallery(served, { seed, skewsMs: { ann: skewMs, bob: -skewMs, cat: skewMs } });
  try {
    const sue = gallery.enter("sue", 0);
    const bidders = names.map((name, index) => gallery.enter(name, index % 2));
    await gallery.run(2_000);
    const opensAt = gallery.now + 1_000;
    const closesAt = opensAt + 10_000;
    void sue.call("list", { terms: english({ opensAt, closesAt, outageWindowMs: 1_000 }), secret: {} });
    await gallery.runUntil(closesAt - 500);
    const untilEnd = closesAt - gallery.now + gallery.cluster.scheduler.now;
    gallery.cluster.disks.durable.slow(2_000, slowBy);
    for (const [index, name] of names.entries()) gallery.arrivals.set(name, untilEnd - 1 + index);
    const outcomes = bidders.map((bidder, index) =>
      bidder.call("bid", { maximum: 20_00 + index * 10_00, currency }).then((told) => (told.kind === "refused" ? told.code : told.kind)),
    );
    await gallery.runUntil(closesAt);
    gallery.arrivals.clear();
    await gallery.run(5_000);
    const { closed, newest } = sue.state ?? {};
    return {
      told: await Promise.all(outcomes),
      bidAt: newest?.map(({ at }) => at - closesAt),
      sold: closed?.sold,
      violations: gallery.cluster.findings.violations,
    };
  } finally {
    gallery.cluster.close();
  }
}

const expected = { told: ["accepted", "CLOSED", "CLOSED"], bidAt: [-1], sold: { paddle: 1, price: 10_00 }, violations: [] };

test.each([
  ["nothing waits", {}],
  ["each bid is looked up for 150 ms before it is decided", { prepareMs: 150 }],
  ["the store takes twenty times as long, so that 150 ms of calls wait", { slowBy: 20 }],
  ["both are slow", { prepareMs: 90, slowBy: 10 }],
])("a bid that arrives 1 ms before the end is taken, one at it or 1 ms after is refused, where %s", async (_where, slowness) => {
  for (const seed of [1, 2, 3]) expect(await bidAtTheEnd({ seed, ...slowness })).toEqual(expected);
});

test("bidders' clocks that are a day ahead or behind change nothing of it", async () => {
  for (const skewMs of [dayMs, -dayMs]) expect(await bidAtTheEnd({ seed: 4, skewMs, prepareMs: 150 })).toEqual(expected);
});
