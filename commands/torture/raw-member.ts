import type { HistoryFile } from "./history.ts";
import { RawConnection, type RawEnd } from "./raw-connection.ts";
import type { RawClientFrame, RawInput, RawPosition, RawServerFrame } from "./raw-frames.ts";
import { count as fold, emptyTally, type Tally } from "./torture-room.ts";

/** A reply to a call. */
export type RawReply = Extract<RawServerFrame, { readonly t: "a" | "r" | "f" }>;

/** What a member tells whoever calls through it. */
interface RawMemberEvents {
  /** The room can be called now. */
  readonly onJoined: (room: string) => void;
  readonly onReply: (room: string, callId: string, reply: RawReply) => void;
}

/** How a member shows itself in the first room, and what it tells of that. */
export interface RawShowing {
  /** It has sent its joins to this address: from now on it may be listed. */
  readonly onTry: (life: number, url: string) => void;
  readonly onShown: () => void;
  readonly onEnd: (how: RawEnd) => void;
}

export interface RawMemberOptions {
  /** Asked for each connection. */
  readonly url: () => string;
  /** How long it stays away when a connection has ended, in milliseconds. */
  readonly awayMs?: () => number;
  readonly showing?: RawShowing;
  readonly userId: string;
  /** The rooms that it is in. */
  readonly rooms: readonly string[];
  readonly history: HistoryFile;
  readonly events: RawMemberEvents;
}

/** Where it stands in a room; it is deaf to the room's frames from a join until the reply to it. */
interface Place {
  readonly room: string;
  position: RawPosition | undefined;
  state: Tally;
  number: number | undefined;
  joinId: number | undefined;
}

const shortAwayMs = 400;
const forgetChance = 0.1;
const noteEvery = 50;

/** A member of all rooms that speaks the protocol itself, and writes down whatever comes. It comes back whenever it is cut off. */
export class RawMember {
  readonly #options: RawMemberOptions;
  readonly #places: readonly Place[];
  #connection: RawConnection | undefined;
  #lastId = 0;
  #lives = 0;
  /** The numbers of this connection's calls, both ways. */
  #callOf = new Map<number, { readonly room: string; readonly callId: string }>();
  #idOf = new Map<string, number>();
  #isClosed = false;

  constructor(options: RawMemberOptions) {
    this.#options = options;
    this.#places = options.rooms.map((room) => ({ room, position: undefined, state: emptyTally, number: undefined, joinId: undefined }));
    this.#connect();
  }

  /** The state of a room as it is known here. */
  stateOf(room: string): Tally {
    return this.#place(room).state;
  }

  get isHere(): boolean {
    return this.#places.every(({ number }) => number !== undefined);
  }

  /** Sends a call, under the number that it has on this connection; false if the room can't be called now. */
  call(room: string, callId: string, input: RawInput, isRepeat: boolean): boolean {
    const { number } = this.#place(room);
    if (this.#connection === undefined || number === undefined) return false;
    const id = this.#idOf.get(callId) ?? ++this.#lastId;
    this.#idOf.set(callId, id);
    this.#callOf.set(id, { room, callId });
    this.#connection.send({ t: "c", i: id, r: number, n: "append", q: callId, ...(isRepeat && { isRepeat: 1 }), d: input });
    return true;
  }

  /** Joins a room once more, at its position or without one, in the middle of whatever comes. */
  joinAgain(room: string, forgets: boolean): void {
    const place = this.#place(room);
    if (place.number !== undefined) this.#connection?.send(this.#join(place, forgets));
  }

  /** Writes down where it stands, as its last word. */
  end(): void {
    this.#isClosed = true;
    this.#connection?.end();
    for (const { room, position, state } of this.#places) this.#options.history.write({ kind: "ended", room, ...toPlace(position), state });
  }

  #place(room: string): Place {
    const place = this.#places.find((each) => each.room === room);
    if (place === undefined) throw new Error(`There is no room ${room} in this run`);
    return place;
  }

  #connect(): void {
    if (this.#isClosed) return;
    this.#lastId = 0;
    this.#callOf = new Map();
    this.#idOf = new Map();
    const { userId, showing, awayMs = () => shortAwayMs * Math.random() } = this.#options;
    const url = this.#options.url();
    const connection = new RawConnection(url, {
      onOpen: () => {
        showing?.onTry(++this.#lives, url);
        connection.send({ t: "o", token: userId, client: "torture" }, ...this.#places.map((place) => this.#join(place, Math.random() < forgetChance)));
      },
      onFrame: (frame) => this.#take(frame),
      onEnd: (how) => {
        this.#connection = undefined;
        for (const place of this.#places) place.number = undefined;
        showing?.onEnd(how);
        setTimeout(() => this.#connect(), awayMs());
      },
    });
    this.#connection = connection;
  }

  #join(place: Place, forgets: boolean): RawClientFrame {
    if (forgets && place.position !== undefined) {
      place.position = undefined;
      place.state = emptyTally;
      this.#options.history.write({ kind: "forgot", room: place.room });
    }
    place.joinId = ++this.#lastId;
    const isShown = this.#options.showing !== undefined && place === this.#places[0];
    return {
      t: "j",
      i: place.joinId,
      r: place.room,
      v: 1,
      ...(place.position !== undefined && { p: place.position }),
      ...(isShown && { d: { life: this.#lives } }),
    };
  }

  #take(frame: RawServerFrame): void {
    if (frame.t === "a" || frame.t === "r" || frame.t === "f") {
      const call = this.#callOf.get(frame.i);
      if (call !== undefined) return this.#options.events.onReply(call.room, call.callId, frame);
      // A join that was not let in is made anew by coming back.
      if (frame.t === "f" && this.#places.some(({ joinId }) => joinId === frame.i)) this.#connection?.end();
    } else if (frame.t === "j") this.#joined(frame);
    else if (frame.t === "l" || (frame.t === "x" && frame.r === undefined)) this.#connection?.end();
    else if (frame.t === "s" || frame.t === "e") {
      const place = this.#places.find(({ number, joinId }) => number === frame.r && joinId === undefined);
      if (place !== undefined) this.#seen(place, frame);
    }
  }

  #joined({ i, r }: Extract<RawServerFrame, { readonly t: "j" }>): void {
    const place = this.#places.find(({ joinId }) => joinId === i);
    if (place === undefined) return;
    place.joinId = undefined;
    place.number = r;
    if (place === this.#places[0]) this.#options.showing?.onShown();
    this.#options.events.onJoined(place.room);
  }

  #seen(place: Place, frame: Extract<RawServerFrame, { readonly t: "s" | "e" }>): void {
    const { history } = this.#options;
    const { room } = place;
    if (frame.t === "s") {
      history.write({ kind: "snapshot", room, ...toPlace(frame.p), why: frame.w, state: frame.d });
      place.position = frame.p;
      place.state = frame.d;
      return;
    }
    const { c: count, k: check, g: epoch = place.position?.[0] ?? "", q: callId, d: value } = frame;
    history.write({ kind: "saw", room, epoch, count, callId, value });
    place.position = [epoch, count, check];
    place.state = fold(place.state, value);
    if (count % noteEvery === 0) history.write({ kind: "stood", room, epoch, count, state: place.state });
  }
}

function toPlace(position: RawPosition | undefined): { readonly epoch: string; readonly count: number } {
  return { epoch: position?.[0] ?? "", count: position?.[1] ?? 0 };
}
