import { type CallStorage, type Client, type ClientRoom, createClient, NexiosError, type PendingCall, type Settled, type Wire } from "nexios/client";
import type { HistoryFile } from "./history.ts";
import type { RawInput } from "./raw-frames.ts";
import { SnapshotWitness } from "./snapshot-witness.ts";
import { type Marked, roomNumbers, tortureRoom } from "./torture-room.ts";

export interface ShippedMemberOptions {
  readonly url: string | readonly string[];
  readonly userId: string;
  readonly wire: Wire;
  /** Where calls outlive it. */
  readonly storage: CallStorage | undefined;
  readonly history: HistoryFile;
  /** It is shown in the first room. */
  readonly isShown?: boolean;
}

type Room = ClientRoom<typeof tortureRoom>;

/** Shorter than a browser's, so that a run has more of them. */
const longestRetryMs = 1_500;
const deadlineMs = 30_000;
const noteEvery = 50;

/** A client as it is shipped, in all rooms, which writes down what it is told. */
export class ShippedMember {
  readonly #history: HistoryFile;
  readonly #witness = new SnapshotWitness();
  readonly #client: Client;
  readonly #rooms: ReadonlyMap<string, Room>;
  /** The last entry of each room that was written down, or had in a snapshot. */
  readonly #last = new Map<string, number>();
  readonly #returns = new Set<NodeJS.Timeout>();
  #openCalls = 0;

  constructor({ url, userId, wire, storage, history, isShown = false }: ShippedMemberOptions) {
    this.#history = history;
    const watched = this.#witness.watch(wire);
    this.#client = createClient({ url, token: () => userId, wire: watched, limits: { longestRetryMs, deadlineMs }, ...(storage !== undefined && { storage }) });
    this.#rooms = new Map(roomNumbers.map((n) => [`torture/${n}`, this.#join(n, isShown && n === roomNumbers[0])]));
  }

  get isHere(): boolean {
    return [...this.#rooms.values()].every(({ status }) => status.kind === "live");
  }

  get openCalls(): number {
    return Math.max(this.#openCalls, this.#client.status.pendingCalls);
  }

  append(name: string, input: RawInput): void {
    const room = this.#room(name);
    const called = room.call("append", input);
    // It is there at once, and leaves in a later turn.
    const callId = room.pending.at(-1)?.callId ?? "";
    this.#history.write({ kind: "sent", room: name, callId, ...input });
    this.#openCalls++;
    void this.#settle(room, callId, called).finally(() => this.#openCalls--);
  }

  /** Lets go of a room for so long. */
  leaveFor(name: string, ms: number): void {
    const room = this.#room(name);
    if (!room.isHeld) return;
    room.leave();
    const returning = setTimeout(() => {
      this.#returns.delete(returning);
      room.hold();
    }, ms);
    this.#returns.add(returning);
  }

  isCaughtUp(name: string, mark: string): boolean {
    return this.#room(name).confirmedState?.last === mark;
  }

  retryNow(): void {
    this.#client.retryNow();
  }

  /** `how`: with its last word, or without one, as a page that is left. */
  async close(how: "ended" | "quit"): Promise<void> {
    for (const returning of this.#returns) clearTimeout(returning);
    await this.#client.close();
    for (const [room, { position, confirmedState: state }] of this.#rooms) {
      if (how === "quit") this.#history.write({ kind: "quit", room });
      else if (state !== undefined) this.#history.write({ kind: "ended", room, count: position?.count ?? 0, state });
    }
  }

  #room(name: string): Room {
    const room = this.#rooms.get(name);
    if (room === undefined) throw new Error(`There is no room ${name} in this run`);
    return room;
  }

  #join(n: string, isShown: boolean): Room {
    const room = this.#client.join(tortureRoom, { n }, isShown ? { presence: { life: 1 } } : {});
    room.onEntry(({ value, count, callId }) => {
      if (count !== this.#lastOf(room) + 1) this.#jumped(room, count - 1);
      this.#history.write({ kind: "saw", room: room.name, count, callId, value });
      this.#last.set(room.name, count);
      if (count % noteEvery === 0) this.#stood(room);
    });
    // Those that were kept from before a reload have no promise here any more.
    room.onSettled((call, settled) => this.#told(room, call, settled));
    room.onChange(() => {
      const { position } = room;
      if (position === undefined || position.count === this.#lastOf(room)) return;
      this.#jumped(room, position.count);
      this.#stood(room);
    });
    return room;
  }

  #lastOf(room: Room): number {
    return this.#last.get(room.name) ?? 0;
  }

  /** It stands where no entry has brought it; if no snapshot has either, nothing is written down that would explain it. */
  #jumped(room: Room, to: number): void {
    const snapshot = this.#witness.find(room.name, to);
    if (snapshot === undefined) return;
    this.#history.write({ kind: "snapshot", room: room.name, ...snapshot });
    this.#last.set(room.name, to);
  }

  #stood(room: Room): void {
    const { position, confirmedState: state } = room;
    if (position !== undefined && state !== undefined) this.#history.write({ kind: "stood", room: room.name, count: position.count, state });
  }

  /** What the promise of a call says, beside what was told of it as it was settled. */
  async #settle(room: Room, callId: string, called: ReturnType<Room["call"]>): Promise<void> {
    try {
      const outcome = await called;
      if (outcome.kind === "refused") this.#history.write({ kind: "refused", room: room.name, callId, code: outcome.code });
      else this.#history.write({ kind: "accepted", room: room.name, callId, count: outcome.position?.count ?? 0, value: outcome.result });
    } catch (error) {
      this.#failed(room, callId, error instanceof NexiosError ? error.code : String(error));
    }
  }

  #told(room: Room, { callId, madeAt }: PendingCall, settled: Settled): void {
    if (settled.kind === "refused") this.#history.write({ kind: "refused", room: room.name, callId, code: settled.code });
    else if (settled.kind === "failed") this.#failed(room, callId, settled.code);
    else if (settled.kind === "accepted") {
      // At its deadline, and when the client is closed, a call is settled by its reply, wherever the room stands.
      const isForced = this.#client.status.kind === "closed" || this.#client.clock.now() - madeAt >= deadlineMs - 1_000;
      // The contract says what an accepted call gives.
      const told = { kind: "accepted", room: room.name, callId, count: settled.position.count, value: settled.value as Marked } as const;
      this.#history.write(isForced ? told : { ...told, stoodAt: room.position?.count ?? 0 });
    }
  }

  #failed(room: Room, callId: string, code: string): void {
    const isUnknown = code === "UNKNOWN_OUTCOME" || code === "CONNECTION_CLOSED";
    this.#history.write({ kind: isUnknown ? "unknown" : "failed", room: room.name, callId, code });
  }
}
