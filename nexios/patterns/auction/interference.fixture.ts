import { readHistory } from "../../src/client/read-history.ts";
import type { ServedRoom } from "../../src/contract/served-room.ts";
import type { RoomLimits } from "../../src/rooms/limits.ts";
import { type Gallery, type Given, play } from "./gallery.fixture.ts";
import { english, live, sealed } from "./paper-lot.fixture.ts";
import { serveAuction } from "./server.ts";
import type { SecretTerms, Terms } from "./terms.ts";

/** What only one person does, and nobody else may notice. */
export interface Secrets {
  /** Ann's maximum, in a lot that she leads. */
  readonly maximum?: number;
  /** How often she raises it afterwards. */
  readonly raises?: number;
  /** She takes the last raise back. */
  readonly takesBack?: boolean;
  readonly reserve?: number;
  /** In a sealed lot: her bids, one after the other; 0 takes back the one before. */
  readonly sealed?: readonly number[];
}

/** A lot that is played with one secret and with another. */
export type Scene = (gallery: Gallery, secrets: Secrets, rivalAt: 0 | 1) => Promise<void>;

export const auctionHouse = serveAuction({ isAuctioneer: ({ id }) => id === "sue" });

/** How scenes are played. */
export interface Playing {
  readonly served?: ServedRoom;
  readonly seed?: number;
  readonly limits?: Partial<RoomLimits>;
  /** The process of the rival who bids; Ann's, 0, unless given. At another nobody joins or asks afterwards: see what such a one has to read. */
  readonly rivalAt?: 0 | 1;
}

const currency = "EUR";
/** Longer than anything that was asked for takes. */
const calmMs = 500;

/** Plays a scene twice, and says for each person but Ann what was different, if anything was. */
export async function compare(
  scene: Scene,
  [first, second]: readonly [Secrets, Secrets],
  { served = auctionHouse, seed = 1, limits = {}, rivalAt = 0 }: Playing = {},
): Promise<Readonly<Record<string, string>>> {
  const [a, b] = [
    await play(served, { seed, limits }, (gallery) => scene(gallery, first, rivalAt)),
    await play(served, { seed, limits }, (gallery) => scene(gallery, second, rivalAt)),
  ];
  const people = new Set([...a.keys(), ...b.keys()]);
  people.delete("ann");
  return Object.fromEntries([...people].map((name) => [name, findDifference(a.get(name) ?? [], b.get(name) ?? [])]));
}

/** Where two people's messages differ first: in number, bytes or time; empty for nowhere. */
function findDifference(a: readonly Given[], b: readonly Given[]): string {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [one, other] = [a[index], b[index]];
    if (one?.bytes !== other?.bytes) return `bytes: ${one?.bytes ?? "nothing"} | ${other?.bytes ?? "nothing"}`;
    if (one?.atMs !== other?.atMs) return `time: ${one?.atMs} | ${other?.atMs}`;
  }
  return "";
}

/** An English lot that Ann leads from its first bid on: a rival who bids, people who only watch, one who comes late, one whose connection breaks, and the auctioneer. */
export const englishScene: Scene = async (gallery, { maximum = 100_00, raises = 0, takesBack = false, reserve }, rivalAt) => {
  const retraction = { allUntilMs: 90_000, newestForMs: 60_000 };
  const extension = { windowMs: 30_000, byMs: 30_000 };
  const lot = await list(gallery, (opensAt) => english({ opensAt, closesAt: opensAt + 90_000, retraction, extension }), rivalAt, reserve);
  const { ann, bob, eve, call, secretly } = lot;
  secretly(ann.call("bid", { maximum, currency }));
  await gallery.run(calmMs);
  call(bob.call("bid", { maximum: 20_00, currency }));
  await gallery.run(calmMs);
  for (let raise = 1; raise <= 10; raise++) {
    if (raise <= raises) secretly(ann.call("bid", { maximum: maximum + raise * 1_00, currency }));
    await gallery.run(calmMs);
    // The rival's bids stay below what she would pay in any case.
    call(bob.call("bid", { maximum: 20_00 + raise * 2_00, currency }));
    await gallery.run(calmMs);
  }
  // What is refused is refused with the same.
  for (const sum of [1_00, 0.5]) call(bob.call("bid", { maximum: sum, currency }));
  call(eve.call("retract"));
  await gallery.run(calmMs);
  if (takesBack) secretly(ann.call("retract"));
  await gallery.run(calmMs);
  if (rivalAt === 0) await lookAround(gallery, lot);
  // In the last minute, where a rival's bid would move the end.
  await gallery.runUntil(lot.opensAt + 72_000);
  if (raises > 0) secretly(ann.call("bid", { maximum: maximum + 50_00, currency }));
  await gallery.runUntil(lot.opensAt + 89_000);
};

/** The same, until the rival bids more than she would pay in one of both. */
export const outbidScene: Scene = async (gallery, { maximum = 100_00 }, rivalAt) => {
  const lot = await list(gallery, (opensAt) => english({ opensAt, closesAt: opensAt + 90_000 }), rivalAt);
  lot.secretly(lot.ann.call("bid", { maximum, currency }));
  await gallery.run(calmMs);
  lot.call(lot.bob.call("bid", { maximum: 150_00, currency }));
  await gallery.run(calmMs);
};

/** A live lot: Ann may raise while the auctioneer calls once and twice, and the hammer falls. */
export const liveScene: Scene = async (gallery, { maximum = 100_00, raises = 0, reserve }, rivalAt) => {
  const { ann, bob, sue, call, secretly } = await list(gallery, (opensAt) => live({ opensAt }), rivalAt, reserve);
  secretly(ann.call("bid", { maximum, currency }));
  await gallery.run(calmMs);
  call(sue.call("ask", { amount: 18_00 }));
  await gallery.run(calmMs);
  call(bob.call("bid", { maximum: 20_00, currency }));
  await gallery.run(calmMs);
  for (const stage of ["once", "twice"] as const) {
    call(sue.call("going", { stage }));
    await gallery.run(calmMs);
    if (raises > 0) secretly(ann.call("bid", { maximum: maximum + raises * 1_00 + (stage === "once" ? 0 : 1_00), currency }));
    await gallery.run(calmMs);
  }
  call(sue.call("pause"));
  await gallery.run(calmMs);
};

/** A sealed lot until just before its end: Ann bids, or not; Bob and Cat do. */
export const sealedScene: Scene = async (gallery, { sealed: sums = [], reserve }, rivalAt) => {
  const lot = await list(gallery, (opensAt) => sealed({ opensAt, closesAt: opensAt + 90_000 }), rivalAt, reserve);
  const { ann, bob, cat, sue, call, secretly } = lot;
  for (const maximum of sums) {
    secretly(maximum === 0 ? ann.call("retract") : ann.call("bid", { maximum, currency }));
    await gallery.run(calmMs);
  }
  await gallery.runUntil(lot.opensAt + 9_000);
  call(sue.call("list", { terms: sealed({ opensAt: lot.opensAt, closesAt: lot.opensAt + 90_000 }), secret: {} }));
  await gallery.runUntil(lot.opensAt + 10_000);
  call(bob.call("bid", { maximum: 40_00, currency }));
  await gallery.run(calmMs);
  call(bob.call("bid", { maximum: 5_00, currency }));
  call(cat.call("bid", { maximum: 60_00, currency }));
  await gallery.run(calmMs);
  call(cat.call("retract"));
  await gallery.run(calmMs);
  call(sue.call("buyNow", { price: 10_00, currency }));
  if (rivalAt === 0) await lookAround(gallery, lot);
  await gallery.runUntil(lot.opensAt + 89_000);
};

/** People in their places, and an open lot. */
async function list(gallery: Gallery, termsOf: (opensAt: number) => Terms, rivalAt: 0 | 1, reserve?: number) {
  const [ann, cat, sue] = ["ann", "cat", "sue"].map((name) => gallery.enter(name, 0)) as [Person, Person, Person];
  const [bob, eve] = [gallery.enter("bob", rivalAt), gallery.enter("eve", 1)];
  // What a call came to is in what its caller was given.
  const call = (outcome: Promise<unknown>): void => void outcome.catch(() => undefined);
  // A scene in which hers are refused would show nothing.
  const secretly = (outcome: Promise<{ readonly kind: string }>): void =>
    void outcome.then(({ kind }) => kind === "accepted" || gallery.cluster.findings.report("calls", "A call of Ann's was refused"));
  await gallery.run(2_000);
  const opensAt = Math.ceil(gallery.now / 1_000) * 1_000 + 1_000;
  const secret: SecretTerms = reserve === undefined ? {} : { reserve };
  call(sue.call("list", { terms: termsOf(opensAt), secret }));
  await gallery.runUntil(opensAt + 1_000);
  if (cat.state?.isOpened !== true) throw new Error("The lot is not open");
  return { ann, bob, cat, eve, sue, opensAt, call, secretly };
}

type Person = ReturnType<Gallery["enter"]>;

/** Questions, pages of the past, people who come late, and such as were away. */
async function lookAround(gallery: Gallery, { cat, eve }: { readonly cat: Person; readonly eve: Person }): Promise<void> {
  gallery.cut("eve");
  const dan = gallery.enter("dan", 0);
  await gallery.run(5_000);
  const asked = [cat.ask("own"), dan.ask("own"), readHistory(cat, 1_000), readHistory(dan, 1_000), readHistory(eve, 1_000)];
  await gallery.run(calmMs);
  gallery.cut("cat");
  gallery.cut("dan");
  await gallery.run(5_000);
  await Promise.all(asked);
}
