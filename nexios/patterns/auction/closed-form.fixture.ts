// `node --conditions=source nexios/patterns/auction/closed-form.fixture.ts [COUNT] [FIRST]` compares so many random auctions with the closed form.
import { decideBid, decideRetract } from "./bidding.ts";
import { decideList } from "./desk.ts";
import { type Book, type BookEntry, type Draft, emptyBook, evolveBook } from "./state.ts";
import { ebaySteps, type Steps, tradeMeSteps } from "./steps.ts";
import type { EnglishTerms } from "./terms.ts";

/** A maximum that stands. */
interface Standing {
  readonly bidder: string;
  readonly maximum: number;
  readonly at: number;
}

/** What an auction must have come to. */
interface Expected {
  readonly leader: string;
  readonly best: number;
  readonly price: number;
  readonly minimum: number;
}

/** How many auctions were compared, and what was in them. */
export interface Compared {
  readonly auctions: number;
  readonly bids: number;
  readonly refused: number;
  readonly ties: number;
  readonly ownRaises: number;
  readonly shortOverbids: number;
  readonly retractions: number;
  readonly reservesMet: number;
}

const [opensAt, closesAt] = [1_000, 1_000_000];
const retraction = { allUntilMs: 400_000, newestForMs: 3_000 };
const names = ["ann", "bob", "cat", "dan"];
const tables: readonly Steps[] = [ebaySteps, tradeMeSteps, [{ from: 0, step: 1 }], [{ from: 0, step: 10_00 }]];

/** The price is that of the second highest and a step, whatever the order: `max(opening, min(best, second + step(second)))`, and at least a reserve that is met. */
export function closedForm(bids: readonly Standing[], steps: Steps, opening: number, reserve: number | undefined): Expected {
  const stepOf = (price: number): number => steps.findLast(({ from }) => from <= price)?.step ?? 0;
  const best = Math.max(0, ...bids.map(({ maximum }) => maximum));
  const leader = bids.find(({ maximum }) => maximum === best)?.bidder ?? "";
  const others = bids.filter(({ bidder }) => bidder !== leader).map(({ maximum }) => maximum);
  const second = Math.max(0, ...others);
  if (best === 0) return { leader, best, price: 0, minimum: opening };
  const price = Math.max(opening, others.length === 0 ? 0 : Math.min(best, second + stepOf(second)), reserve !== undefined && best >= reserve ? reserve : 0);
  return { leader, best, price, minimum: price + stepOf(price) };
}

/** Plays the auctions from one number to another through the rules, bid by bid, and compares each standing. @throws Error for the first that is not as the closed form says */
export function compareAuctions(first: number, auctions: number): Compared {
  const seen = { auctions: 0, bids: 0, refused: 0, ties: 0, ownRaises: 0, shortOverbids: 0, retractions: 0, reservesMet: 0 };
  for (let number = first; number < first + auctions; number++) compareAuction(number, seen);
  return seen;
}

type Counts = { -readonly [Name in keyof Compared]: number };

function compareAuction(number: number, seen: Counts): void {
  const below = createDraws(number);
  const steps = tables[below(tables.length)] as Steps;
  const opening = 1 + below(below(2) === 0 ? 50_00 : 500_00);
  const reserve = below(2) === 0 ? undefined : opening + below(100_00);
  const terms: EnglishTerms = { kind: "english", title: "A", about: "", currency: "EUR", opening, opensAt, closesAt, steps, retraction };
  const listed = decideList(emptyBook, { terms, secret: reserve === undefined ? {} : { reserve } }, 0);
  let book = after(emptyBook, listed.kind === "accepted" ? listed.entries : []);
  let stands: Standing[] = [];
  let expected = closedForm(stands, steps, opening, reserve);
  let at = opensAt;
  seen.auctions++;
  for (let turn = 2 + below(14); turn > 0; turn--) {
    // Most are early, when all of a bidder's bids may go; some late, when only the newest may.
    at += below(10) === 0 ? below(300_000) : below(2_000);
    if (at >= closesAt) return;
    const bidder = names[below(names.length)] as string;
    if (below(8) === 0) {
      const left = retract(stands, bidder, at);
      const told = decideRetract(book, { userId: bidder, receivedAt: at });
      check(number, "a retraction", told.kind === "accepted", left !== undefined);
      if (told.kind === "refused" || left === undefined) continue;
      seen.retractions++;
      stands = left;
      book = after(book, told.entries);
    } else {
      const maximum = drawMaximum(expected, below);
      const isFit = bidder === expected.leader ? maximum > expected.best : maximum >= expected.minimum;
      const told = decideBid(book, { maximum, currency: "EUR" }, { userId: bidder, receivedAt: at });
      check(number, `the bid ${maximum} of ${bidder}`, told.kind === "accepted", isFit);
      if (told.kind === "refused") {
        seen.refused++;
        continue;
      }
      count(seen, { bidder, maximum, at }, expected, steps);
      stands = [...stands, { bidder, maximum, at }];
      book = after(book, told.entries);
    }
    expected = closedForm(stands, steps, opening, reserve);
    const { standing, lot } = book;
    const shownLeader = book.bidders.find(({ paddle }) => paddle > 0 && paddle === lot.leader)?.id ?? "";
    const is = { leader: standing.leader, best: standing.best, price: standing.price, minimum: lot.minimum };
    check(number, "the standing", JSON.stringify(is), JSON.stringify(expected));
    check(number, "what is shown", `${shownLeader} ${lot.price}`, `${expected.leader} ${expected.price}`);
  }
  if (reserve !== undefined && expected.best >= reserve) seen.reservesMet++;
}

/** Often near what changes something: the next minimum, the leader's maximum. */
function drawMaximum({ best, minimum }: Expected, below: (end: number) => number): number {
  switch (below(5)) {
    case 0:
      return Math.max(1, minimum - 1 + below(3));
    case 1:
      return Math.max(1, best - 1 + below(3));
    case 2:
      return Math.max(1, best + below(2_00));
    default:
      return minimum + below(100_00);
  }
}

function retract(stands: readonly Standing[], bidder: string, at: number): Standing[] | undefined {
  const newest = stands.findLast((bid) => bid.bidder === bidder);
  if (newest === undefined) return undefined;
  if (at < closesAt - retraction.allUntilMs) return stands.filter((bid) => bid.bidder !== bidder);
  return at < newest.at + retraction.newestForMs ? stands.filter((bid) => bid !== newest) : undefined;
}

function count(seen: Counts, { bidder, maximum }: Standing, { leader, best }: Expected, steps: Steps): void {
  seen.bids++;
  if (bidder === leader) seen.ownRaises++;
  else if (maximum === best) seen.ties++;
  else if (best > 0 && maximum > best && maximum < best + (steps.findLast(({ from }) => from <= best)?.step ?? 0)) seen.shortOverbids++;
}

function after(book: Book, drafts: readonly Draft[]): Book {
  return drafts.reduce((before, draft) => evolveBook(before, { ...draft, seal: "" } satisfies BookEntry), book);
}

function check(number: number, what: string, is: unknown, expected: unknown): void {
  if (is !== expected) throw new Error(`Auction ${number}: ${what} is ${String(is)} and not ${String(expected)}`);
}

/** Whole numbers below an end, as a seed decides: xorshift of Marsaglia (2003), which is fast and good enough to choose by. */
function createDraws(seed: number): (end: number) => number {
  let word = Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bf03635 || 1;
  const next = (): number => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return word >>> 0;
  };
  for (let round = 0; round < 4; round++) next();
  return (end) => next() % end;
}

if (import.meta.main) {
  const [auctions = 1_000_000, first = 1] = process.argv.slice(2).map(Number);
  process.stdout.write(`${JSON.stringify(compareAuctions(first, auctions))}\n`);
}
