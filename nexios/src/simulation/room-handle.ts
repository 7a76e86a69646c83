import { decodeJson } from "../contract/json.ts";
import type { Answer, CallName, Input, Outcome, Presence, QuestionName, Signal, SignalName, State } from "../contract/outcome.ts";
import type { Position } from "../protocol/position.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Settled } from "./request-record.ts";
import type { DeviceRoom } from "./device-room.ts";

/** What goes with a name: nothing where it takes nothing. */
type Args<Value> = [Value] extends [undefined] ? [input?: undefined] : [input: Value];

/** A person who is in the room. */
export interface Person<C extends RoomFacts> {
  readonly userId: string;
  readonly name: string;
  readonly state: Presence<C>;
}

/** A signal that came. */
export interface ReceivedSignal {
  readonly name: string;
  readonly userId: string;
  readonly payload: unknown;
}

/** A room, as one client of a simulation has it. */
export class RoomHandle<C extends RoomFacts> {
  readonly #room: DeviceRoom;

  constructor(room: DeviceRoom) {
    this.#room = room;
  }

  /** The state that the client has folded; `undefined` before the first snapshot. */
  get state(): State<C> | undefined {
    return this.#room.copy.state;
  }

  /** Where the client stands. */
  get position(): Position | undefined {
    return this.#room.copy.position;
  }

  /** Who is here, by the room's last word; empty in a room without presence. */
  get people(): readonly Person<C>[] {
    return [...this.#room.people.people.values()].map(({ userId, name, state }) => ({ userId, name, state: decodeJson(state) as Presence<C> }));
  }

  /** All signals that came, in order. */
  get signals(): readonly ReceivedSignal[] {
    return this.#room.signals.map(({ name, userId, payload }) => ({ name, userId, payload: decodeJson(payload) }));
  }

  /**
   * Calls the room: sent again over as many connections as it takes, and settled when the client's state has reached it.
   * @throws NexiosError with the code of a failure; UNAVAILABLE when after 30 s nobody knows what came of it.
   */
  async call<Name extends CallName<C>>(name: Name, ...[input]: Args<Input<C, Name>>): Promise<Outcome<C, Name>> {
    const settled = await this.#request("call", name, input);
    if (settled.kind === "accepted") {
      const kept = this.#room.contract.log === "durable" ? "stored" : "memory";
      return { kind: "accepted", result: decodeOptional(settled.result), position: settled.position, kept } as Outcome<C, Name>;
    }
    return this.#refusal(settled) as Outcome<C, Name>;
  }

  /** Asks the room. @throws NexiosError as `call` does */
  async ask<Name extends QuestionName<C>>(name: Name, ...[input]: Args<Input<C, Name>>): Promise<Answer<C, Name>> {
    const settled = await this.#request("ask", name, input);
    if (settled.kind === "answered") return { kind: "answered", value: decodeJson(settled.value) } as Answer<C, Name>;
    return this.#refusal(settled) as Answer<C, Name>;
  }

  /** Sends a signal, if the client is in the room now. */
  signal<Name extends SignalName<C>>(name: Name, payload: Signal<C, Name>): void {
    this.#room.signal(name, payload);
  }

  /** Shows a new presence; `undefined`: it is not shown any more. */
  show(presence: Presence<C> | undefined): void {
    this.#room.show(presence);
  }

  leave(): void {
    this.#room.leave();
  }

  #request(kind: "call" | "ask", name: string, input: unknown): Promise<Settled> {
    return new Promise((resolve) => this.#room.requests.add({ kind, name, input, onSettled: resolve }));
  }

  #refusal(settled: Settled): unknown {
    if (settled.kind === "refused") return { kind: "refused", code: settled.code, data: decodeOptional(settled.data) };
    if (settled.kind === "failed") throw new NexiosError(settled.code, settled.message);
    throw new NexiosError("UNAVAILABLE", "Nobody knows what came of it: look at the state");
  }
}

function decodeOptional(bytes: Uint8Array | undefined): unknown {
  return bytes === undefined ? undefined : decodeJson(bytes);
}
