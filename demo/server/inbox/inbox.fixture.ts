import { NexiosApp } from "nexios";
import { auction, ebaySteps, type EnglishTerms, type SecretTerms, type Terms } from "nexios/auction";
import { inboxRoom, type Notification } from "nexios/notifications";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { addSaleroomAuctions } from "../auction/auctions.ts";
import { addDesk } from "../desk/desk.ts";
import type { Documents } from "nexios/collab/server";
import { addSaleroomInbox } from "./inbox.ts";

/** The Saleroom's auctions, desk and inboxes under a clock that is moved by hand. */
export class InboxHouse {
  readonly clock = new ManualClock();
  readonly #folder = mkdtempSync(join(tmpdir(), "nexios-saleroom-inbox-"));
  app: NexiosApp;
  documents: Documents;

  constructor() {
    ({ app: this.app, documents: this.documents } = this.#create());
  }

  #create() {
    const { clock } = this;
    const env = { NEXIOS_SECRET: "a secret of the test, long enough to be one" };
    const app = new NexiosApp({ clock, rooms: { folder: this.#folder, synchronous: "normal" }, env });
    addSaleroomAuctions(app, { clock, hasRobots: false });
    const { documents } = addDesk(app, { clock });
    addSaleroomInbox(app, { dataFolder: this.#folder, clock });
    return { app, documents };
  }

  async open(): Promise<void> {
    await this.app.listen({ port: 0 });
  }

  /** As after a crash, but for what is open. */
  async restart(): Promise<void> {
    await this.app.stop({ deadlineMs: 200 });
    ({ app: this.app, documents: this.documents } = this.#create());
    await this.open();
  }

  async close(): Promise<void> {
    await this.app.stop({ deadlineMs: 200 });
    rmSync(this.#folder, { recursive: true });
  }

  english(others: Partial<EnglishTerms> = {}): EnglishTerms {
    const now = this.clock.now();
    const common = { title: "Marine chronometer", about: "Sound.", currency: "EUR", opening: 100_00, opensAt: now, sale: { id: "main", number: 1 } };
    return { ...common, kind: "english", closesAt: now + 3_600_000, steps: ebaySteps, ...others };
  }

  async list(lotId: string, terms: Terms = this.english(), secret: SecretTerms = {}): Promise<void> {
    const outcome = await this.app.room(auction, { lotId }).call("list", { terms, secret });
    if (outcome.kind === "refused") throw new Error(`The lot is not listed: ${outcome.code}`);
  }

  async bid(lotId: string, userId: string, euros: number): Promise<void> {
    const user = { id: userId, name: userId };
    const outcome = await this.app.room(auction, { lotId }).call("bid", { maximum: euros * 100, currency: "EUR" }, { user });
    if (outcome.kind === "refused") throw new Error(`The bid is not taken: ${outcome.code}`);
  }

  inbox(userId: string) {
    return this.app.room(inboxRoom, { userId });
  }

  async items(userId: string): Promise<readonly Notification[]> {
    return (await this.inbox(userId).state()).items;
  }

  /** Lets time pass, a second at a time, until it is so. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    const look = async (): Promise<void> => {
      await this.clock.advance(1_000);
      if (!(await isSo())) throw new Error("It is not so yet");
    };
    await vi.waitFor(look, { timeout: 10_000, interval: 10 });
  }

  /** All that is told of lots, texts and ends is told by now: no subscription has anything left. */
  async settle(): Promise<void> {
    await vi.waitFor(
      async () => {
        const lag = await this.app.subscriptions.lag();
        const open = lag.filter(({ name, entries, failing }) => name.startsWith("saleroom-") && entries + failing > 0);
        if (open.length > 0) throw new Error(`There is something left: ${JSON.stringify(open)}`);
      },
      { timeout: 10_000, interval: 5 },
    );
  }
}

/** What an inbox holds, as its categories and the sums that they tell of, the newest first. */
export function told(items: readonly Notification[]): readonly string[] {
  return items.map(({ category, count, data, isDone }) => {
    const of = data?.["kind"] === category ? category : `${category}: ${String(data?.["kind"])}`;
    const price = data?.["price"] === undefined ? "" : ` ${Number(data["price"]) / 100}`;
    return `${of}${price}${count > 1 ? ` x${count}` : ""}${isDone ? " (archived)" : ""}`;
  });
}
