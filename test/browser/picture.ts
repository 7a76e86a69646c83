// `node --conditions=source test/browser/picture.ts [FOLDER]`: takes the README's pictures, docs/lot.png and docs/control-room.png.
// A recorded log is replayed for five minutes of the server's time, which goes twenty times as fast as the wall's until it has caught up.
import { systemClock } from "nexios";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ActivityRequest } from "../../demo/server/activity-request.ts";
import { readAccessLog } from "../../commands/replay/access-log.ts";
import { recordsFolder } from "../services.ts";
import { bid, bidAs, englishTerms, listLot, waitForStanding } from "./auction-page.ts";
import { type House, openHouse, postActivity } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

const windowMs = 315_000;
const haste = 20;
/** The log has one minute of each hour: longer pauses are cut to this, or the chart would be a comb. */
const longestPauseMs = 5_000;
/** How many times as fast as recorded: the log then fills the window, and goes on a little. */
const logSpeed = 7;
const folder = process.argv[2] ?? join(import.meta.dirname, "../../docs");

const startedAt = Date.now();
const hastyNow = (): number => startedAt - windowMs + (Date.now() - startedAt) * haste;
const isLate = (): boolean => hastyNow() < Date.now();
const clock = {
  ...systemClock,
  now: () => Math.min(hastyNow(), Date.now()),
  after: (delayMs: number, fire: () => void) => systemClock.after(isLate() ? delayMs / haste : delayMs, fire),
};

const { requests } = await readAccessLog(join(recordsFolder, "access-log.gz"));
const ordered = withoutPauses(requests.toSorted((a, b) => a.at - b.at));
const browser = await launchBrowser();
const house = await openHouse({ clock });
const stop = new AbortController();
const replayed = replay(house);
try {
  while (isLate()) await wait(100);
  const ann = await openPerson(browser, { width: 1280 });
  const bob = await openPerson(browser);
  await comeIn(ann, house.url, { name: "Amber Heron", colour: "Amber" });
  await comeIn(bob, house.url, { name: "Teal Stoat", colour: "Teal" });
  await waitForState(ann, "live");
  await ann.page.locator(".viewers").getByText("2", { exact: true }).waitFor();
  // Two browsers that start beside the server keep its machine busy for a moment.
  await ann.page.locator(".tile:last-child .figure", { hasText: /^[0-2]\.\d$/ }).waitFor();
  await ann.page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))");
  await take(ann, "control-room.png");
  stop.abort();
  await replayed;
  await takeLot();
} finally {
  stop.abort();
  await browser.close();
  await house.close();
}

/** A lot that two people bid for: one leads, and the end has just moved. In a house of its own, whose clock is the wall's. */
async function takeLot(): Promise<void> {
  const saleroom = await openHouse();
  const [ann, bob] = [await openPerson(browser), await openPerson(browser)];
  try {
    const terms = englishTerms(12, "Marine chronometer, two days", {
      about: "Brass bowl in gimbals, three-tier mahogany box, silvered dial. Runs; rate not tested at sea.",
      opening: 1_200_00,
      closesAt: Date.now() + 20_000,
      extension: { windowMs: 60_000, byMs: 60_000 },
    });
    await listLot(saleroom, "picture", terms, { reserve: 1_400_00 });
    await comeIn(ann, saleroom.url, { path: "/lots/picture", name: "Amber Heron", colour: "Amber" });
    await comeIn(bob, saleroom.url, { path: "/lots/picture", name: "Teal Stoat", colour: "Teal" });
    for (const euros of [1_225, 1_310, 1_475]) await bidAs(saleroom, "picture", euros);
    await bid(bob, "1,600");
    await waitForStanding(bob, "leading");
    await bid(ann, "2,000");
    await waitForStanding(ann, "leading");
    await ann.page.getByText("2 watch").waitFor();
    await ann.page.evaluate("document.activeElement.blur(); Promise.all(document.getAnimations().map((animation) => animation.finished))");
    await take(ann, "lot.png");
  } finally {
    for (const { context } of [ann, bob]) await context.close();
    await saleroom.close();
  }
}

async function take({ page }: Person, name: string): Promise<void> {
  const file = join(folder, name);
  await page.screenshot({ path: file, fullPage: true });
  process.stdout.write(`${file}: ${Math.round(statSync(file).size / 1000)} kB\n`);
}

function withoutPauses(all: readonly ActivityRequest[]): readonly ActivityRequest[] {
  let cutMs = 0;
  return all.map((request, index) => {
    cutMs += Math.max(0, request.at - (all[index - 1] ?? request).at - longestPauseMs);
    return { ...request, at: request.at - cutMs };
  });
}

async function replay({ url }: House): Promise<void> {
  const first = ordered[0]?.at ?? 0;
  const begin = clock.now();
  let sent = 0;
  while (!stop.signal.aborted && sent < ordered.length) {
    const due = ordered.findIndex(({ at }, index) => index >= sent && (at - first) / logSpeed > clock.now() - begin);
    const batch = ordered.slice(sent, due < 0 ? ordered.length : Math.min(due, sent + 500));
    if (batch.length > 0) {
      await postActivity(
        url,
        batch.map((request) => ({ ...request, at: clock.now() })),
      );
    }
    sent += batch.length;
    await wait(isLate() ? 10 : 100);
  }
}
