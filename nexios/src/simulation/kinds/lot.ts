import { accept, refuse } from "../../contract/decision.ts";
import { defineRoom } from "../../contract/define-room.ts";
import { type } from "../../contract/type.ts";
import { type RoomKind, secretMark } from "./kind.ts";

type Entry = { kind: "opened"; round: number; until: number } | { kind: "price"; price: number } | { kind: "closed"; round: number; until: number | null };
type SecretEntry = Exclude<Entry, { kind: "price" }> | { kind: "raise"; user: string; maximum: number; mark: string; isOwn: boolean };

interface Lot {
  readonly isOpen: boolean;
  readonly round: number;
  readonly price: number;
  /** Steps of its life that came out of turn. */
  readonly outOfTurn: number;
}
interface SecretLot extends Lot {
  readonly until: number | null;
  readonly leader: string | null;
  readonly maximum: number;
  readonly mark: string;
}

const rounds = 12;
const openMs = 3_000;
const pauseMs = 900;

const lot = defineRoom("lot/{id}", {
  log: "durable",
  entry: type<Entry>(),
  state: type<Lot>(),
  presence: type<{ paddle: number }>(),
  calls: {
    start: { refusals: { STARTED: type<{ round: number }>() } },
    raise: {
      input: type<{ maximum: number; mark: string }>(),
      result: type<{ leading: boolean }>(),
      refusals: { CLOSED: type<undefined>(), TOO_LOW: type<{ minimum: number }>() },
    },
  },
  questions: { mine: { result: type<{ leading: boolean }>() } },
}).fold({ isOpen: false, round: 0, price: 0, outOfTurn: 0 }, evolve);

function evolve<State extends Lot>(state: State, entry: Entry): State {
  switch (entry.kind) {
    case "opened":
      return { ...state, isOpen: true, round: entry.round, price: 0, outOfTurn: state.outOfTurn + (state.isOpen || entry.round !== state.round + 1 ? 1 : 0) };
    case "price":
      return { ...state, price: entry.price, outOfTurn: state.outOfTurn + (state.isOpen && entry.price > state.price ? 0 : 1) };
    case "closed":
      return { ...state, isOpen: false, outOfTurn: state.outOfTurn + (state.isOpen && entry.round === state.round ? 0 : 1) };
  }
}

function evolveSecret(state: SecretLot, entry: SecretEntry): SecretLot {
  if (entry.kind === "opened") return { ...evolve(state, entry), until: entry.until, leader: null, maximum: 0, mark: "" };
  if (entry.kind === "closed") return { ...evolve(state, entry), until: entry.until };
  const { user, maximum, mark, isOwn } = entry;
  if (isOwn) return { ...state, maximum: Math.max(maximum, state.maximum), mark };
  const leads = maximum > state.maximum;
  const price = leads ? state.maximum + 1 : maximum;
  return { ...state, price, leader: leads ? user : state.leader, maximum: Math.max(maximum, state.maximum), mark };
}

const served = lot
  .withSecret({ entry: type<SecretEntry>(), state: type<SecretLot>() })
  .fold({ isOpen: false, round: 0, price: 0, outOfTurn: 0, until: null, leader: null, maximum: 0, mark: "" }, evolveSecret, (entry, { price }) => {
    if (entry.kind !== "raise") return entry;
    return entry.isOwn ? undefined : { kind: "price", price };
  })
  .serve({
    authorize: () => true,
    input: { raise: { unchecked: true } },
    presence: { unchecked: true },
    decide: {
      start: ({ round }, _input, { receivedAt }) =>
        round > 0 ? refuse("STARTED", { round }) : accept({ kind: "opened", round: 1, until: receivedAt + openMs }),
      raise({ isOpen, until, price, leader, maximum: highest }, { maximum, mark }, { user, receivedAt }) {
        if (!isOpen || receivedAt >= (until ?? 0)) return refuse("CLOSED");
        const isOwn = user.id === leader;
        const minimum = isOwn ? highest + 1 : price + 1;
        if (maximum < minimum) return refuse("TOO_LOW", { minimum });
        return accept({ kind: "raise", user: user.id, maximum, mark, isOwn }, { leading: isOwn || maximum > highest });
      },
    },
    questions: { mine: ({ leader }, _input, { user }) => ({ leading: leader === user.id }) },
    wakeAt: ({ until }) => until ?? undefined,
    wake: ({ isOpen, round }, { now }) =>
      isOpen
        ? accept({ kind: "closed", round, until: round < rounds ? now + pauseMs : null })
        : accept({ kind: "opened", round: round + 1, until: now + openMs }),
  });

/** An auction: raises are hidden but for the price, a leader's own ones altogether; rounds open and close by themselves. */
export const lotKind: RoomKind = {
  name: "lot",
  room: "lot/1",
  served: [served],
  call: (random) =>
    random.chance(0.1)
      ? { name: "start", input: undefined }
      : { name: "raise", input: { maximum: random.between(1, 200), mark: `${secretMark}-${random.integer(1_000_000)}` } },
  question: { name: "mine", input: undefined },
  presence: (random) => ({ paddle: random.integer(1_000_000) }),
  unsound(state) {
    const { outOfTurn } = state as Lot;
    return outOfTurn > 0 ? `${outOfTurn} steps of the lot came out of turn` : undefined;
  },
};
