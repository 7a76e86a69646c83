import type { NexiosApp } from "nexios";
import { account } from "./account.ts";
import { auction, type Lot } from "./contract.ts";
import { releaseUnneeded } from "./holds.ts";
import { sale, toCard } from "./sale.ts";

/** What a clerk works with. */
export interface ClerkServices {
  readonly app: Pick<NexiosApp, "room" | "every">;
  /** Sales whose lots are followed from the start. */
  readonly sales: readonly string[];
  /** Persons' own rooms are kept. */
  readonly keepsAccounts: boolean;
  readonly onError: (where: string, error: unknown) => void;
}

/** A lot that is followed. */
interface Followed {
  readonly lotId: string;
  end: (() => void) | undefined;
  /** Something has happened since it was last looked at. */
  isChanged: boolean;
  looking: Promise<void> | undefined;
  card: string;
  /** How each bidder stood when it was last noted, and the end that was last told to the sale. */
  readonly standings: Map<string, string>;
  closesAt: number;
  price: number;
}

/** What is bid for by many is looked at this often. */
const lookEveryMs = 250;

/**
 * Follows lots, and does what a room can't do by itself: puts their cards on the list of their sale, moves the ends of lots that belong together, notes in each bidder's own
 * room how he stands, and lets go of money that is needed no more. All of it can be done twice, so that after a restart it just looks again.
 */
export class Clerk {
  readonly #services: ClerkServices;
  readonly #lots = new Map<string, Followed>();
  #isOpen = false;

  constructor(services: ClerkServices) {
    this.#services = services;
    services.app.every(lookEveryMs, () => this.#lookAtAll());
  }

  /** Follows all lots of its sales that are not over. */
  async start(): Promise<void> {
    this.#isOpen = true;
    for (const saleId of this.#services.sales) {
      const cards = await this.#services.app.room(sale, { saleId }).state();
      await Promise.all(cards.filter(({ closed }) => closed === undefined).map(({ lotId }) => this.follow(lotId)));
    }
  }

  /** Follows a lot from now on. */
  async follow(lotId: string): Promise<void> {
    if (!this.#isOpen || this.#lots.has(lotId)) return;
    const followed: Followed = { lotId, end: undefined, isChanged: true, looking: undefined, card: "", standings: new Map(), closesAt: 0, price: 0 };
    this.#lots.set(lotId, followed);
    try {
      followed.end = await this.#services.app.room(auction, { lotId }).watch(() => {
        followed.isChanged = true;
      });
    } catch (error) {
      this.#lots.delete(lotId);
      this.#services.onError(`following lot ${lotId}`, error);
    }
  }

  /** What the lot's price was a moment ago; 0 for one that is not followed. */
  priceOf(lotId: string): number {
    return this.#lots.get(lotId)?.price ?? 0;
  }

  close(): void {
    this.#isOpen = false;
    for (const { end } of this.#lots.values()) end?.();
    this.#lots.clear();
  }

  async #lookAtAll(): Promise<void> {
    const changed = [...this.#lots.values()].filter((lot) => lot.isChanged && lot.looking === undefined);
    await Promise.all(changed.map((lot) => (lot.looking = this.#look(lot).finally(() => (lot.looking = undefined)))));
  }

  async #look(followed: Followed): Promise<void> {
    const { lotId } = followed;
    followed.isChanged = false;
    try {
      const lot = await this.#services.app.room(auction, { lotId }).state();
      // Of a lot whose price may fall it tells nothing.
      followed.price = lot.terms?.kind === "english" && lot.terms.retraction === undefined ? lot.price : 0;
      await this.#moveTogether(followed, lot);
      await this.#putCard(followed, lot);
      await this.#noteStandings(followed, lot);
      if (lot.closed === undefined) return;
      followed.end?.();
      this.#lots.delete(lotId);
    } catch (error) {
      // The store may be away for a moment: it is looked at again.
      followed.isChanged = true;
      if (this.#isOpen) this.#services.onError(`following lot ${lotId}`, error);
    }
  }

  async #putCard(followed: Followed, lot: Lot): Promise<void> {
    const card = toCard(followed.lotId, lot);
    const text = JSON.stringify(card);
    if (card === undefined || lot.terms?.sale === undefined || text === followed.card) return;
    await this.#services.app.room(sale, { saleId: lot.terms.sale.id }).call("put", card);
    followed.card = text;
  }

  /** An end that a bid has moved is that of all open lots of its sale. */
  async #moveTogether(followed: Followed, lot: Lot): Promise<void> {
    const { terms, closesAt = 0, extendedFor } = lot;
    const isMoved = closesAt > followed.closesAt && extendedFor !== undefined && extendedFor !== "sale";
    followed.closesAt = closesAt;
    if (!isMoved || terms?.kind !== "english" || terms.extension?.scope !== "sale" || terms.sale === undefined) return;
    const cards = await this.#services.app.room(sale, { saleId: terms.sale.id }).state();
    const others = cards.filter(({ lotId, closed }) => lotId !== followed.lotId && closed === undefined);
    await Promise.all(others.map(({ lotId }) => this.#services.app.room(auction, { lotId }).call("extend", { closesAt })));
  }

  async #noteStandings({ lotId, standings }: Followed, lot: Lot): Promise<void> {
    const { app, keepsAccounts } = this.#services;
    if (!keepsAccounts || lot.terms === undefined) return;
    const { title, currency } = lot.terms;
    const answer = await app.room(auction, { lotId }).ask("bidders");
    if (answer.kind !== "answered") return;
    for (const { userId, own } of answer.value) {
      const told = `${own.standing} ${own.maximum} ${lot.closed === undefined ? "" : lot.price}`;
      if (own.standing === "none" || standings.get(userId) === told || userId.startsWith("nexios/")) continue;
      const price = lot.closed?.sold?.price ?? lot.price;
      const at = lot.closed?.at ?? lot.newest[0]?.at ?? lot.terms.opensAt;
      await app.room(account, { userId }).call("note", { lotId, title, currency, standing: own.standing, maximum: own.maximum, price, at });
      if (own.standing === "outbid" || own.standing === "lost" || own.standing === "won") await releaseUnneeded(app, userId, lotId);
      standings.set(userId, told);
    }
  }
}
