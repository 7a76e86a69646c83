import type { NexiosApp } from "nexios";
import { account } from "./account.ts";
import { auction, type Lot, type Own } from "./contract.ts";
import { OwedMoney } from "./owed-money.ts";
import { type LotCard, sale, toCard } from "./sale.ts";
import type { Terms } from "./terms.ts";

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
  /** Its card that stood on a list before it was listed; it is taken back if it never is. */
  announced: Announced | undefined;
  card: string | undefined;
  /** How each bidder stood when it was last noted, and the end that was last told to the sale. */
  readonly standings: Map<string, string>;
  closesAt: number;
  price: number;
}

interface Announced {
  readonly saleId: string;
  readonly card: LotCard;
}

/** What is bid for by many is looked at this often. */
const lookEveryMs = 250;
/** A lot that is followed is listed in so many looks, or followed no more: a minute. */
const patience = 240;
/** Bidders' own rooms that are written to at once. */
const notesAtOnce = 50;

/**
 * Follows lots, and does what a room can't do by itself: puts their cards on the list of their sale, moves the ends of lots that belong together, notes in each bidder's own
 * room how he stands, and lets go of money that is needed no more. All of it can be done twice, so that after a restart it just looks again.
 */
export class Clerk {
  readonly #services: ClerkServices;
  readonly #lots = new Map<string, Followed>();
  readonly #owed: OwedMoney;
  /** Lots that are over, and of which all is told. */
  readonly #over = new Set<string>();
  readonly #changedSales = new Set<string>();
  readonly #endSales: (() => void)[] = [];
  #isOpen = false;

  constructor(services: ClerkServices) {
    this.#services = services;
    this.#owed = new OwedMoney(services.app, (where, error) => this.#tell(where, error));
    services.app.every(lookEveryMs, () => this.#lookAtAll());
  }

  /** Follows all lots of its sales that are not over; those too that are listed at another process, which may die. */
  async start(): Promise<void> {
    this.#isOpen = true;
    for (const saleId of this.#services.sales) {
      this.#endSales.push(await this.#services.app.room(sale, { saleId }).watch(() => this.#changedSales.add(saleId)));
      await this.#followSale(saleId);
    }
  }

  async #followSale(saleId: string): Promise<void> {
    const cards = await this.#services.app.room(sale, { saleId }).state();
    await Promise.all(cards.filter(({ closed }) => closed === undefined).map((card) => this.follow(card.lotId, { saleId, card })));
  }

  /** Puts a lot on the list of its sale before it is listed: after a crash in between, it is found there. */
  async announce(lotId: string, terms: Terms): Promise<void> {
    const card = toCard(lotId, { ...auction.initial(), terms });
    if (card === undefined || terms.sale === undefined || this.#lots.get(lotId)?.card !== undefined) return this.follow(lotId);
    const saleId = terms.sale.id;
    const outcome = await this.#services.app.room(sale, { saleId }).call("announce", card);
    if (outcome.kind === "refused") this.#tell(`listing lot ${lotId}`, new Error(`Sale ${saleId}: ${outcome.code}`));
    await this.follow(lotId, { saleId, card });
  }

  /** Follows a lot from now on. */
  async follow(lotId: string, announced?: Announced): Promise<void> {
    if (!this.#isOpen || this.#lots.has(lotId) || this.#over.has(lotId)) return;
    const followed: Followed = {
      lotId,
      end: undefined,
      isChanged: true,
      patience,
      isLooking: false,
      noting: undefined,
      isUnnoted: false,
      announced,
      card: undefined,
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
    if (this.#isOpen) this.#owed.letGoSoon(userId, lotId);
  }

  close(): void {
    this.#isOpen = false;
    for (const end of this.#endSales.splice(0)) end();
    for (const { end } of this.#lots.values()) end?.();
    this.#lots.clear();
    this.#owed.clear();
  }

  /** Waits for nothing: the end of a lot must not come too late because another has many to tell. */
  #lookAtAll(): void {
    for (const lot of this.#lots.values()) if (--lot.patience === 0) void this.#giveUp(lot);
    this.#owed.look();
    for (const saleId of this.#changedSales) void this.#lookAtSale(saleId);
    this.#changedSales.clear();
    for (const lot of this.#lots.values()) if (lot.isChanged && !lot.isLooking) void this.#look(lot);
  }

  async #lookAtSale(saleId: string): Promise<void> {
    try {
      await this.#followSale(saleId);
    } catch (error) {
      this.#changedSales.add(saleId);
      this.#tell(`following sale ${saleId}`, error);
    }
  }

  /** Nobody has listed it. */
  async #giveUp(followed: Followed): Promise<void> {
    this.#leave(followed);
    const { announced, lotId } = followed;
    if (announced === undefined) return;
    const closed = { ending: "withdrawn", seal: "" } as const;
    try {
      await this.#services.app.room(sale, { saleId: announced.saleId }).call("put", { ...announced.card, closed });
    } catch (error) {
      this.#tell(`taking lot ${lotId} from its list`, error);
    }
  }

  #tell(where: string, error: unknown): void {
    if (this.#isOpen) this.#services.onError(where, error);
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
    this.#tell(`following lot ${followed.lotId}`, error);
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
