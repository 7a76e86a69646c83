import type { NexiosApp } from "nexios";
import { account } from "./account.ts";
import { auction, type Lot, type Own } from "./contract.ts";
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
  /** Looks that it may still be missing for: whoever bids for lots that nobody lists makes the clerk follow them. */
  patience: number;
  isLooking: boolean;
  /** Its bidders are being told; a look that comes meanwhile leaves that for later, and does not wait. */
  noting: Promise<void> | undefined;
  isUnnoted: boolean;
  card: string;
  /** How each bidder stood when it was last noted, and the end that was last told to the sale. */
  readonly standings: Map<string, string>;
  closesAt: number;
  price: number;
}

/** What is bid for by many is looked at this often. */
const lookEveryMs = 250;
/** A lot that is followed is listed in so many looks, or followed no more: a minute. */
const patience = 240;
/** After so many looks, 6 s, no bid on money that was held before them is undecided. */
const settledLooks = 24;
/** Bidders' own rooms that are written to at once. */
const notesAtOnce = 50;

/** Money of somebody that a lot may need no more. */
interface Owed {
  readonly lotId: string;
  readonly userId: string;
  looks: number;
}

/**
 * Follows lots, and does what a room can't do by itself: puts their cards on the list of their sale, moves the ends of lots that belong together, notes in each bidder's own
 * room how he stands, and lets go of money that is needed no more. All of it can be done twice, so that after a restart it just looks again.
 */
export class Clerk {
  readonly #services: ClerkServices;
  readonly #lots = new Map<string, Followed>();
  readonly #owed = new Map<string, Owed>();
  /** Lots that are over, and of which all is told. */
  readonly #over = new Set<string>();
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
    if (!this.#isOpen || this.#lots.has(lotId) || this.#over.has(lotId)) return;
    const followed: Followed = {
      lotId,
      end: undefined,
      isChanged: true,
      patience,
      isLooking: false,
      noting: undefined,
      isUnnoted: false,
      card: "",
      standings: new Map(),
      closesAt: 0,
      price: 0,
    };
    this.#lots.set(lotId, followed);
    try {
      const end = await this.#services.app.room(auction, { lotId }).watch(() => {
        followed.isChanged = true;
      });
      if (this.#lots.get(lotId) === followed) followed.end = end;
      else end();
    } catch (error) {
      this.#lots.delete(lotId);
      this.#services.onError(`following lot ${lotId}`, error);
    }
  }

  /** What the lot's price was a moment ago; 0 for one that is not followed. */
  priceOf(lotId: string): number {
    return this.#lots.get(lotId)?.price ?? 0;
  }

  /** Lets go of what the lot does not need of somebody's money, when all that is under way now has been decided. */
  letGoSoon(userId: string, lotId: string): void {
    if (this.#isOpen) this.#owed.set(`${userId} ${lotId}`, { userId, lotId, looks: settledLooks });
  }

  close(): void {
    this.#isOpen = false;
    for (const { end } of this.#lots.values()) end?.();
    this.#lots.clear();
    this.#owed.clear();
  }

  /** Waits for nothing: the end of a lot must not come too late because another has many to tell. */
  #lookAtAll(): void {
    for (const lot of this.#lots.values()) if (--lot.patience === 0) this.#leave(lot);
    const due = [...this.#owed].filter(([, owed]) => --owed.looks === 0);
    for (const [key, owed] of due) {
      this.#owed.delete(key);
      void this.#letGo(owed);
    }
    for (const lot of this.#lots.values()) if (lot.isChanged && !lot.isLooking) void this.#look(lot);
  }

  async #letGo({ lotId, userId }: Owed): Promise<void> {
    try {
      await releaseUnneeded(this.#services.app, userId, lotId);
    } catch (error) {
      // It is let go when the bidder comes to his limit, at the latest.
      if (this.#isOpen) this.#services.onError(`letting go money for lot ${lotId}`, error);
    }
  }

  #leave({ lotId, end }: Followed): void {
    end?.();
    this.#lots.delete(lotId);
  }

  async #look(followed: Followed): Promise<void> {
    const { lotId } = followed;
    followed.isChanged = false;
    followed.isLooking = true;
    try {
      const lot = await this.#services.app.room(auction, { lotId }).state();
      if (lot.terms === undefined) return;
      followed.patience = Infinity;
      // Of a lot whose price may fall, or that takes bids below it, it tells nothing.
      followed.price = lot.terms.kind === "english" && lot.terms.retraction === undefined && lot.terms.least !== "any" ? lot.price : 0;
      await this.#moveTogether(followed, lot);
      if (lot.closed === undefined) {
        await this.#putCard(followed, lot);
        this.#startNoting(followed, lot);
        return;
      }
      await followed.noting;
      // After a restart only lots are followed whose card is open: it is closed when all else is done.
      await this.#noteStandings(followed, lot);
      await this.#putCard(followed, lot);
      this.#leave(followed);
      this.#over.add(lotId);
    } catch (error) {
      this.#failed(followed, error);
    } finally {
      followed.isLooking = false;
    }
  }

  /** The store may be away for a moment: it is looked at again. */
  #failed(followed: Followed, error: unknown): void {
    followed.isChanged = true;
    if (this.#isOpen) this.#services.onError(`following lot ${followed.lotId}`, error);
  }

  #startNoting(followed: Followed, lot: Lot): void {
    if (followed.noting !== undefined) {
      followed.isUnnoted = true;
      return;
    }
    followed.noting = this.#noteStandings(followed, lot)
      .catch((error: unknown) => this.#failed(followed, error))
      .finally(() => {
        followed.noting = undefined;
        followed.isChanged ||= followed.isUnnoted;
        followed.isUnnoted = false;
      });
  }

  async #putCard(followed: Followed, lot: Lot): Promise<void> {
    const card = toCard(followed.lotId, lot);
    const text = JSON.stringify(card);
    if (card === undefined || lot.terms?.sale === undefined || text === followed.card) return;
    const outcome = await this.#services.app.room(sale, { saleId: lot.terms.sale.id }).call("put", card);
    if (outcome.kind === "refused") this.#services.onError(`listing lot ${followed.lotId}`, new Error(`Sale ${lot.terms.sale.id}: ${outcome.code}`));
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
    const answer = await app.room(auction, { lotId }).ask("bidders");
    if (answer.kind !== "answered") return;
    const { title, currency } = lot.terms;
    const price = lot.closed?.sold?.price ?? lot.price;
    const at = lot.closed?.at ?? lot.newest[0]?.at ?? lot.terms.opensAt;
    const toTell = (own: Own): string => `${own.standing} ${own.maximum} ${lot.closed === undefined ? "" : lot.price}`;
    const changed = answer.value.filter(({ userId, own }) => standings.get(userId) !== toTell(own) && !userId.startsWith("nexios/"));
    for (let from = 0; from < changed.length; from += notesAtOnce) {
      await Promise.all(
        changed.slice(from, from + notesAtOnce).map(async ({ userId, own }) => {
          await app.room(account, { userId }).call("note", { lotId, title, currency, standing: own.standing, maximum: own.maximum, price, at });
          if (own.standing !== "leading" && own.standing !== "sealed") this.letGoSoon(userId, lotId);
          standings.set(userId, toTell(own));
        }),
      );
    }
  }
}
