import type { NexiosApp } from "nexios";
import { auction, type Lot, type LotCard, sale } from "nexios/auction";
import { dutchPriceAt } from "nexios/auction/client";
import type { RoomUser } from "nexios/contract";
import { isHouseLot, pieceOf, saleId, toHouseLot } from "./house-lots.ts";

/** Who bids for the house, so that a room is alive before anybody came. Everybody sees that they are robots. */
const robots: readonly RoomUser[] = ["Ada", "Blaise", "Grace", "Kurt"].map((name) => ({ id: `robot-${name.toLowerCase()}`, name: `${name} (robot)` }));

export interface RobotServices {
  readonly app: Pick<NexiosApp, "room">;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

const minuteMs = 60_000;
/** So many lots of the house are open or to come. */
const openLots = 6;
/** How long the auctioneer leaves between two words. */
const wordMs = 6_000;

/** True for a robot of the house. */
export function isRobot(userId: string): boolean {
  return robots.some(({ id }) => id === userId);
}

/** The house's robots: they list lots, bid, and hold the hammer of its live lots. */
export class Robots {
  readonly #services: RobotServices;
  readonly #spokenAt = new Map<string, number>();
  isPaused = false;

  constructor(services: RobotServices) {
    this.#services = services;
  }

  /** Lists lots until enough are open. */
  async list(): Promise<void> {
    const { app, now } = this.#services;
    const cards = await app.room(sale, { saleId }).state();
    const own = cards.filter(({ lotId }) => isHouseLot(lotId));
    const open = own.filter(({ closed }) => closed === undefined).length;
    // Visitors list lots too: no number is given twice.
    let number = Math.max(0, ...cards.map((card) => card.number));
    for (let missing = openLots - open; missing > 0; missing--) {
      number++;
      // At a first start they close one after the other; later one follows when another is over.
      const openMs = own.length === 0 ? (2 + 2 * (openLots - missing)) * minuteMs : openLots * 2 * minuteMs;
      const { lotId, terms, secret } = toHouseLot(number, now(), openMs);
      await app.room(auction, { lotId }).call("list", { terms, secret });
    }
  }

  /** One of them does something, or nothing. */
  async act(): Promise<void> {
    if (this.isPaused) return;
    const { app, random } = this.#services;
    const cards = (await app.room(sale, { saleId }).state()).filter(({ closed, lotId, isOpened }) => closed === undefined && isOpened && isHouseLot(lotId));
    for (const card of cards.filter(({ kind }) => kind === "live")) await this.#speak(card);
    const card = cards[Math.floor(random() * cards.length)];
    const robot = robots[Math.floor(random() * robots.length)];
    if (card !== undefined && robot !== undefined) await this.#bid(card, robot);
  }

  async #bid({ lotId }: LotCard, user: RoomUser): Promise<void> {
    const { app, random } = this.#services;
    const room = app.room(auction, { lotId });
    const lot = await room.state();
    const worth = worthOf(lotId, user.id);
    const least = leastBid(lot, this.#services.now());
    if (lot.terms === undefined || least > worth) return;
    const own = await room.ask("own", undefined, { user });
    if (own.kind === "answered" && (own.value.standing === "leading" || own.value.standing === "sealed")) return;
    // Some bid what it is worth to them, some only the next step.
    const maximum = lot.terms.kind === "sealed" || random() < 0.2 ? worth : least;
    await room.call("bid", { maximum, currency: lot.terms.currency }, { user });
  }

  /** The auctioneer of a live lot says the next word, unless somebody has just bid. */
  async #speak({ lotId }: LotCard): Promise<void> {
    const { app, now } = this.#services;
    const room = app.room(auction, { lotId });
    const lot = await room.state();
    // Before a restart, or at another process, somebody may just have spoken.
    const spokenAt = this.#spokenAt.get(lotId) ?? (lot.stage === "asking" ? 0 : now());
    this.#spokenAt.set(lotId, spokenAt);
    const quietSince = Math.max(spokenAt, lot.newest[0]?.at ?? lot.terms?.opensAt ?? 0);
    // Before the first bid it is waited longer, and in the end it is passed.
    const waitMs = lot.bids === 0 ? 5 * minuteMs : lot.stage === "asking" ? 4 * wordMs : wordMs;
    if (lot.closed !== undefined || now() < quietSince + waitMs) return;
    this.#spokenAt.set(lotId, now());
    if (lot.bids === 0 || (lot.stage === "twice" && lot.reserve === "unmet")) await room.call("pass");
    else if (lot.stage === "twice") await room.call("hammer", { bids: lot.bids });
    else await room.call("going", { stage: lot.stage === "asking" ? "once" : "twice" });
  }
}

/** What a piece is worth to a robot: between 0.6 and 1.4 of its estimate, the same whenever it is asked. */
function worthOf(lotId: string, userId: string): number {
  const hash = Array.from(`${lotId} ${userId}`).reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
  return Math.round(((pieceOf(lotId)?.estimate ?? 0) * (0.6 + (hash % 1_000) / 1_250)) / 100) * 100;
}

function leastBid(lot: Lot, now: number): number {
  return lot.terms?.kind === "dutch" ? dutchPriceAt(lot.terms, now) : lot.minimum;
}
