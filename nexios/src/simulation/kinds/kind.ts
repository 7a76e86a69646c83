import type { ServedRoom } from "../../contract/served-room.ts";
import type { Random } from "../random.ts";

/** Something to ask of a room. */
interface Request {
  readonly name: string;
  readonly input: unknown;
}

/** A kind of room that plans use, and how its members behave. */
export interface RoomKind {
  readonly name: string;
  /** The room that a plan uses. */
  readonly room: string;
  /** By version of the contract, from 1. */
  readonly served: readonly ServedRoom[];
  /** A call such as members make; `heavy`: with as much content as the room takes. */
  readonly call: (random: Random, heavy: boolean) => Request;
  readonly question?: Request;
  readonly signal?: (random: Random) => { readonly name: string; readonly payload: unknown };
  readonly presence?: (random: Random) => unknown;
  /** Says what is wrong with a public state that sound decisions never lead to. */
  readonly unsound?: (state: unknown) => string | undefined;
  /** Says what is wrong with a result, given the public state right behind its call. */
  readonly wrongResult?: (result: unknown, stateAfter: unknown) => string | undefined;
}

/** Stands in everything that members may not see. */
export const secretMark = "SECRET";
