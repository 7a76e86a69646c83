import { accept, refuse } from "nexios/contract";
import type { ServedRoom } from "../../src/contract/served-room.ts";
import { decideBid } from "./bidding.ts";
import type { LotEntry } from "./contract.ts";
import { decideList } from "./desk.ts";
import { auctionHouse, englishScene, liveScene, type Scene, sealedScene, type Secrets } from "./interference.fixture.ts";
import { sealAll } from "./seal.ts";
import { type Book, type BookEntry, evolveBook, revealEntry } from "./state.ts";

/** An auction house that gives something away, and a scene in which that is to be noticed. */
export interface PlantedLeak {
  readonly name: string;
  readonly served: ServedRoom;
  readonly scene: Scene;
  readonly secrets: readonly [Secrets, Secrets];
}

const raised: PlantedLeak["secrets"] = [{ raises: 0 }, { raises: 2 }];
const larger: PlantedLeak["secrets"] = [{ maximum: 100_00 }, { maximum: 9_000_00 }];
const sealedBid: PlantedLeak["secrets"] = [{ sealed: [] }, { sealed: [50_00] }];

type Decide = (book: Book, input: never, context: Context) => unknown;
interface Context {
  readonly user: { readonly id: string };
  readonly receivedAt: number;
}

function revealing(reveal: (entry: BookEntry, after: Book) => LotEntry | undefined): ServedRoom {
  // As the server's own, whose types are not known there.
  return { ...auctionHouse, reveal: reveal as ServedRoom["reveal"] };
}

function deciding(name: string, decide: Decide): ServedRoom {
  return { ...auctionHouse, options: { ...auctionHouse.options, decide: { ...auctionHouse.options.decide, [name]: decide as never } } };
}

function bidding(tell: (book: Book, bid: { maximum: number; currency: string }, context: Context) => unknown): ServedRoom {
  return deciding("bid", tell);
}

function sealing(book: Book, decision: ReturnType<typeof decideBid>, more: object): unknown {
  return decision.kind === "refused" ? decision : accept<BookEntry, object>(sealAll(book.seal, decision.entries), { ...decision.result, ...more });
}

/** What the process last saw moves with a bid, and is shown. */
function showingLife(): ServedRoom {
  const { inner } = auctionHouse;
  return {
    ...revealing((entry) => (entry.change.kind === "alive" ? (entry.shown ?? { kind: "resumed", at: entry.change.at }) : revealEntry(entry))),
    inner: {
      ...inner,
      evolve(book, entry) {
        const { change } = entry as BookEntry;
        const after = evolveBook(book as Book, entry as BookEntry);
        return change.kind === "bid" ? { ...after, aliveAt: change.at } : after;
      },
    },
  };
}

/** Each would make a test of secrets that can't fail look like one that holds. */
export const plantedLeaks: readonly PlantedLeak[] = [
  {
    name: "a count of all bids in what is shown of one",
    served: revealing((entry, { numbers }) => (entry.shown?.kind === "bid" ? ({ ...entry.shown, bids: numbers } as LotEntry) : revealEntry(entry))),
    scene: englishScene,
    secrets: raised,
  },
  {
    name: "a time that counts hidden entries",
    served: revealing((entry, { numbers }) => (entry.shown?.kind === "bid" ? { ...entry.shown, at: entry.shown.at + numbers } : revealEntry(entry))),
    scene: englishScene,
    secrets: raised,
  },
  {
    name: "an entry for a leader's raise, with nothing in it",
    served: revealing((entry, { lot }) =>
      entry.change.kind === "bid" && entry.shown === undefined ? { kind: "asked", minimum: lot.minimum, at: entry.change.at } : revealEntry(entry),
    ),
    scene: englishScene,
    secrets: raised,
  },
  {
    name: "an entry for a sealed bid, with nothing in it",
    served: revealing((entry, { lot }) =>
      entry.change.kind === "bid" && entry.shown === undefined ? { kind: "asked", minimum: lot.minimum, at: entry.change.at } : revealEntry(entry),
    ),
    scene: sealedScene,
    secrets: sealedBid,
  },
  { name: "that the lot lives, as a bid has moved it", served: showingLife(), scene: englishScene, secrets: raised },
  {
    name: "a stage of the call that a leader's raise interrupts",
    served: revealing((entry, { lot }) =>
      entry.change.kind === "bid" && entry.shown === undefined ? { kind: "asked", minimum: lot.minimum, at: entry.change.at } : revealEntry(entry),
    ),
    scene: liveScene,
    secrets: raised,
  },
  {
    name: "a length: a number of spaces for the leader's maximum",
    served: revealing((entry, { standing }) =>
      entry.shown?.kind === "bid" ? ({ ...entry.shown, pad: " ".repeat(String(standing.best).length) } as LotEntry) : revealEntry(entry),
    ),
    scene: englishScene,
    secrets: larger,
  },
  {
    name: "a refusal with a next minimum by the leader's maximum",
    served: bidding((book, bid, { user, receivedAt }) => {
      const decision = decideBid(book, bid, { userId: user.id, receivedAt });
      const isLarge = book.standing.best > 1_000_00;
      return decision.kind === "refused" && isLarge ? refuse("TOO_MANY_BIDS", { limit: 5 }) : sealing(book, decision, {});
    }),
    scene: englishScene,
    secrets: larger,
  },
  {
    name: "a paddle that counts sealed bids, for who bids",
    served: bidding((book, bid, { user, receivedAt }) => sealing(book, decideBid(book, bid, { userId: user.id, receivedAt }), { paddle: book.paddles + 1 })),
    scene: sealedScene,
    secrets: sealedBid,
  },
  {
    name: "a paddle that counts sealed bids, for who asks",
    served: {
      ...auctionHouse,
      options: {
        ...auctionHouse.options,
        questions: { ...auctionHouse.options.questions, own: (book) => ({ paddle: (book as Book).paddles, maximum: 0, standing: "none" }) },
      },
    },
    scene: sealedScene,
    secrets: sealedBid,
  },
  {
    name: "to an auctioneer, whether a sealed lot can be listed anew",
    served: deciding("list", (book: Book, input: Parameters<typeof decideList>[1], { receivedAt }: Context) => {
      if (book.numbers > 0) return refuse("HAS_BIDS");
      const decision = decideList({ ...book, lot: { ...book.lot, terms: undefined } as unknown as Book["lot"] }, input, receivedAt);
      return decision.kind === "refused" ? decision : accept<BookEntry>(sealAll(book.seal, decision.entries));
    }),
    scene: sealedScene,
    secrets: sealedBid,
  },
];
