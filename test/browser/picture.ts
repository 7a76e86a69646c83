// `node --conditions=source test/browser/picture.ts [FOLDER]`: takes the README's pictures, docs/lot.png and docs/control-room.png.
// A recorded log is replayed for five minutes of the server's time, which goes twenty times as fast as the wall's until it has caught up.
import { systemClock } from "nexios";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ActivityRequest } from "../../demo/server/activity-request.ts";
import { readAccessLog } from "../../commands/replay/access-log.ts";
import { recordsFolder } from "../services.ts";
import { breakProbe } from "./control-page.ts";
import { bid, bidAs, englishTerms, listLot, waitForStanding } from "./auction-page.ts";
import { type House, openHouse, postActivity } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

const windowMs = 315_000;
const haste = 20;
/** The log has one minute of each hour: longer pauses are cut to this, or the chart would be a comb. */
const longestPauseMs = 5_000;
/** Long enough for some checks of health. */
const liveMs = 60_000;
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
const house = await openHouse({ clock, robots: true });
let stop = new AbortController();
let replayed = Promise.all([replay(house), browse(house)]);
try {
  while (isLate()) await wait(100);
  stop.abort();
  await replayed;
  // The time of rooms goes no faster than the wall's: a server that begins now has both.
  await house.stop();
  await house.restart();
  stop = new AbortController();
  replayed = Promise.all([replay(house), browse(house)]);
  await wait(liveMs);
  const ann = await openPerson(browser, { width: 1280 });
  const bob = await openPerson(browser);
  await ann.page.setViewportSize({ width: 1_200, height: 1_480 });
  await comeIn(ann, house.url, { name: "Amber Heron", colour: "Amber" });
  await comeIn(bob, house.url, { name: "Teal Stoat", colour: "Teal" });
  await waitForState(ann, "live");
  breakProbe(house);
  await bob.page.getByRole("button", { name: /^Acknowledge/ }).click();
  await ann.page.getByText("Teal Stoat is on it").waitFor();
  await ann.page.locator("[data-chart=requests] .plot-area").hover({ position: { x: 330, y: 60 } });
  await ann.page.evaluate("document.querySelector('.trouble-button')?.remove(); Promise.all(document.getAnimations().map((animation) => animation.finished))");
  await take(ann, "control-room.png", false);
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

async function take({ page }: Person, name: string, isWhole = true): Promise<void> {
  const file = join(folder, name);
  await page.screenshot({ path: file, fullPage: isWhole });
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

/** People who look through the house's pages, more of them and fewer. */
async function browse({ url }: House): Promise<void> {
  const pages = ["/", "/", "/control", "/desk", "/chat", "/mine", "/about", "/", "/nowhere.txt"];
  let second = 0;
  for (let turn = 0; !stop.signal.aborted; turn++) {
    const now = Math.floor(clock.now() / 1_000);
    if (now === second) {
      await wait(5);
      continue;
    }
    second = now;
    const count = Math.round(9 + 5 * Math.sin(now / 25) + 2 * Math.sin(now / 7));
    await Promise.all(Array.from({ length: count }, (_, at) => fetch(url + pages[(turn + at * at) % pages.length]).then((answer) => answer.arrayBuffer())));
  }
}
