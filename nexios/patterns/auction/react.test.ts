// @vitest-environment happy-dom
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createElement, type ReactElement } from "react";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../src/react/page.fixture.ts";
import { Stage, type Visitor } from "../../src/react/stage.fixture.ts";
import { auction } from "./contract.ts";
import { formatMoney } from "./money-text.ts";
import { useAuction } from "./react.ts";
import { serveAuction } from "./serve-auction.ts";
import { ebaySteps } from "./steps.ts";
import type { EnglishTerms } from "./terms.ts";

let stage: Stage;
let clock: ManualClock;
let folder: string;

beforeEach(async () => {
  clock = new ManualClock();
  folder = mkdtempSync(join(tmpdir(), "nexios-page-"));
  stage = await Stage.open(clock, [serveAuction({ isAuctioneer: () => false })], folder);
});

afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

function View(): ReactElement {
  const { lot, phase, timeLeft, own, minimum, bid, status } = useAuction("1");
  const currency = lot?.terms?.currency ?? "EUR";
  const parts = [status.kind, phase, lot?.price ?? 0, minimum, own?.standing ?? "?", own?.maximum ?? 0, timeLeft?.seconds ?? "-", bid.refusal?.code ?? ""];
  const onClick = (): void => void bid.call({ maximum: minimum, currency });
  return createElement("div", null, parts.join(" "), createElement("button", { onClick }, formatMoney({ amount: minimum || 1, currency }, "en")));
}

async function list(terms: Partial<EnglishTerms> = {}): Promise<void> {
  const opensAt = clock.now();
  const whole: EnglishTerms = {
    kind: "english",
    title: "Clock",
    about: "",
    currency: "EUR",
    opening: 100,
    steps: ebaySteps,
    opensAt,
    closesAt: opensAt + 30_000,
    ...terms,
  };
  await stage.app.room(auction, { lotId: "1" }).call("list", { terms: whole, secret: {} });
}

function bidAs(id: string, maximum: number) {
  return stage.app.room(auction, { lotId: "1" }).call("bid", { maximum, currency: "EUR" }, { user: { id, name: id } });
}

/** Time of the server and of a page pass together. */
async function pass(visitor: Visitor, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) await Promise.all([clock.advance(250), visitor.clock.advance(250)]);
}

test("a page shows the price, the next bid and one's own standing, which follows others' bids and one's own", async () => {
  await list();
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View));
  await until(() => page.text.startsWith("live open 0 100 none 0 30"));

  page.click("€1.00");
  await until(() => page.text.startsWith("live open 100 101 leading 100"));
  await bidAs("bob", 500);
  await until(() => page.text.startsWith("live open 125 150 outbid 100"));
  page.click("€1.50");

  await until(() => page.text.includes("outbid 150"));
  expect(page.text).toBe("live open 175 200 outbid 150 30 €2.00");
});

test("an end that a late bid moves is never shown further off than the bid has moved it", async () => {
  await list({ extension: { windowMs: 60_000, byMs: 60_000 } });
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View));
  await until(() => page.text.startsWith("live open 0 100 none 0 30"));
  await Promise.all([clock.advance(990), ann.clock.advance(990)]);

  await bidAs("bob", 100);

  await until(() => page.text.startsWith("live extended 100"));
  expect(page.text).toBe("live extended 100 125 none 0 60 €1.25");
});

test("a lot that does not exist is unlisted, one that comes is shown", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View));
  await until(() => page.text.startsWith("live unlisted 0 0 none 0 -"));

  await list();

  await until(() => page.text.includes("open"));
  expect(page.text).toBe("live open 0 100 none 0 30 €1.00");
});

test("when the time is over a page says closing, and sold only when the log does", async () => {
  // Time that passes faster than the disk can write would look like an outage.
  await list({ settleMs: 5_000, outageWindowMs: 1 });
  await bidAs("bob", 500);
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View));
  await until(() => page.text.startsWith("live open 100 125 none 0 30"));

  await pass(ann, 31_000);
  await until(() => page.text.startsWith("live closing 100 125 none 0 0"));
  await pass(ann, 5_000);

  await until(() => page.text.includes("sold"));
  expect(page.text).toBe("live sold 100 125 none 0 - €1.25");
});
