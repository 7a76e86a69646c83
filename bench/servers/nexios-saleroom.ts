import { inspect } from "node:util";

import { auction, ebaySteps } from "nexios/auction";

import { createSaleroom } from "../../demo/server/saleroom.ts";
import { announce } from "./announce.ts";
import { liftedLimits } from "./lifted-limits.ts";

const unlimited = { perSecond: Infinity, burst: Infinity };
const rooms = { limits: { joinRate: unlimited, processJoinRate: unlimited } };
const hourMs = 3_600_000;
/** Of the bench: how many lots there are to bid for. */
const lots = Number(process.env["BENCH_LOTS"]);

// The Saleroom as it is served, on an empty folder and without its robots: what is lifted is that all come from one address, and at once.
const app = createSaleroom({ dataFolder: process.env["NEXIOS_DATA"] || ".data", limits: liftedLimits, rooms });
const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
const now = Date.now();
for (let number = 1; number <= lots; number++) {
  const common = { title: `Lot ${number}`, about: "Sound.", currency: "EUR", opening: 100_00, opensAt: now, sale: { id: "main", number } };
  const terms = { ...common, kind: "english", closesAt: now + hourMs, steps: ebaySteps } as const;
  await app.room(auction, { lotId: `lot-${number}` }).call("list", { terms, secret: {} });
}
announce({ port, lifted: inspect({ limits: liftedLimits, rooms }, { breakLength: Infinity }) });
