// `node --conditions=source test/browser/picture.ts [FOLDER]`: takes the README's picture of the control room, docs/control-room.png.
// A recorded log is replayed for five minutes of the server's time, which goes twenty times as fast as the wall's until it has caught up.
import { systemClock } from "nexios";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ActivityRequest } from "../../demo/server/activity-state.ts";
import { readAccessLog } from "../../commands/replay/access-log.ts";
import { recordsFolder } from "../services.ts";
import { type House, openHouse, postActivity } from "./house.ts";
import { comeIn, launchBrowser, openPerson, waitForState } from "./person.ts";

const windowMs = 315_000;
const haste = 20;
/** The log has one minute of each hour: longer pauses are cut to this, or the chart would be a comb. */
const longestPauseMs = 5_000;
/** How many times as fast as recorded: the log then fills the window, and goes on a little. */
const logSpeed = 7;
const file = join(process.argv[2] ?? join(import.meta.dirname, "../../docs"), "control-room.png");

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
  await ann.page.screenshot({ path: file, fullPage: true });
  process.stdout.write(`${file}: ${Math.round(statSync(file).size / 1000)} kB\n`);
} finally {
  stop.abort();
  await replayed;
  await browser.close();
  await house.close();
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
