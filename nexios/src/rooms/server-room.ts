import type { Answer, CallName, Entry, Input, Kept, Outcome, QuestionName, State } from "../contract/outcome.ts";
import { decodeJson } from "../contract/json.ts";
import { type Params, toRoomName } from "../contract/path.ts";
import { isUserId } from "../contract/user-id.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import { report } from "../world/report.ts";
import { messageOf, retryAfterOf, statusOf } from "./messages.ts";
import type { Rooms } from "./rooms.ts";

/** For whom the server calls. */
export interface ServerCallOptions {
  /** They must have the right to be in the room. Absent: the server itself, which may, and whose user id is `nexios`: no user can have that one. */
  readonly user?: RoomUser;
  /** A UUID of version 7 that makes a repetition take effect once; a new one unless given. */
  readonly callId?: string;
}

/** An entry, as the server reads it. */
export interface ServerEntry<C extends RoomFacts> {
  readonly value: Entry<C>;
  /** Its place among those that members may see, from 1. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The id of the user whose call made it; absent for the room's own. */
  readonly author?: string;
}

/** An input that a request may leave out when it takes none. */
type Given<Value, Options> = [Value] extends [undefined] ? [input?: undefined, options?: Options] : [input: Value, options?: Options];

/** Gives the rooms to a function while they are open. @throws NexiosError STOPPED or UNAVAILABLE when they are not */
type UseRooms = <Value>(use: (rooms: Rooms) => Promise<Value>) => Promise<Value>;

/** One room, from the server: an HTTP route or a timer calls it the way a member does. */
export class ServerRoom<C extends RoomFacts> {
  readonly name: string;
  readonly #contract: C;
  readonly #use: UseRooms;
  readonly #admit: () => void;

  /** `admit` is asked before a call to a durable room. @throws TypeError for parameters that the contract's path does not take. */
  constructor(contract: C, params: Params<C["path"]>, use: UseRooms, admit: () => void = () => undefined) {
    this.name = toRoomName(contract, params);
    this.#contract = contract;
    this.#use = use;
    this.#admit = admit;
  }

  /** What the call came to, after the commit. @throws TypeError for a user with an id that none can have; NexiosError FORBIDDEN, INVALID_MESSAGE, NOT_FOUND, OVERLOADED, CONFLICT, UNAVAILABLE (the same call id tells what happened), EXPIRED, CALL_ID_REUSED, INTERNAL */
  async call<Name extends CallName<C>>(name: Name, ...[input, options]: Given<Input<C, Name>, ServerCallOptions>): Promise<Outcome<C, Name>> {
    requireUser(options);
    if (this.#contract.log === "durable") this.#admit();
    const reply = await this.#use((rooms) => rooms.call(this.name, { name, input, ...options }));
    if (reply.kind === "failed") throw this.#failure(name, reply);
    if (reply.kind === "refused") return { kind: "refused", code: reply.code, data: valueOf(reply.data) } as Outcome<C, Name>;
    const kept: Kept<"durable" | "volatile"> = this.#contract.log === "durable" ? "stored" : "memory";
    // The contract says what is in the bytes that its own server half has encoded.
    return { kind: "accepted", result: valueOf(reply.result), position: reply.position, kept } as Outcome<C, Name>;
  }

  /** The answer to a question. @throws NexiosError as `call` does */
  async ask<Name extends QuestionName<C>>(name: Name, ...[input, options]: Given<Input<C, Name>, Pick<ServerCallOptions, "user">>): Promise<Answer<C, Name>> {
    requireUser(options);
    const reply = await this.#use((rooms) => rooms.ask(this.name, { name, input, ...options }));
    if (reply.kind === "failed") throw this.#failure(name, reply);
    if (reply.kind === "refused") return { kind: "refused", code: reply.code, data: valueOf(reply.data) } as Answer<C, Name>;
    return { kind: "answered", value: decodeJson(reply.value) } as Answer<C, Name>;
  }

  #failure(name: string, { code, path, message }: { readonly code: ErrorCode; readonly path?: string; readonly message?: string }): NexiosError {
    const details = { status: statusOf(code), ...(path !== undefined && { path }), ...(isRetryable(code) && { retryAfterMs: retryAfterOf(code) }) };
    return new NexiosError(code, `${message ?? messageOf(code)} (${name} of ${this.name})`, details);
  }

  /**
   * Tells of new entries from now on, in any process that serves the room: once for all that come together, at least once for the newest; of those that members see nothing
   * of in the process that decides. Read the room then, and once at the beginning. It stays open until the function that it gives is called. What the listener throws is
   * reported. @throws NexiosError UNAVAILABLE
   */
  async watch(listener: () => void): Promise<() => void> {
    return this.#use((rooms) => rooms.watch(this.name, () => runReported(`watching ${this.name}`, listener)));
  }

  /** Entries that members may see, after a count, in order; fewer than `limit` only at the end. @throws NexiosError UNAVAILABLE, DAMAGED; GAP when the first of them is trimmed */
  async entries(after: number, limit: number): Promise<readonly ServerEntry<C>[]> {
    const read = await this.#use((rooms) => rooms.entries(this.name, after, limit));
    return read.map(({ position, at, author, version, bytes }) => ({
      // The contract says what is in the bytes that it has encoded.
      value: this.#contract.decodeEntry(bytes, version) as Entry<C>,
      count: position,
      at,
      ...(author !== undefined && { author }),
    }));
  }

  /** The public state at the head. @throws NexiosError UNAVAILABLE, INTERNAL when the room is closed */
  async state(): Promise<State<C>> {
    return this.#contract.decodeState(await this.#use((rooms) => rooms.state(this.name)));
  }
}

/** Whoever came in by `auth` has been asked for this already; an application may know its users otherwise. */
function requireUser(options: Pick<ServerCallOptions, "user"> | undefined): void {
  if (options?.user === undefined || isUserId(options.user.id)) return;
  throw new TypeError(
    `No user has the id ${JSON.stringify(options.user.id)}: it must be 1 to 256 characters, well formed, and not "nexios", which is the server itself`,
  );
}

function valueOf(bytes: Uint8Array | undefined): unknown {
  return bytes === undefined ? undefined : decodeJson(bytes);
}

function runReported(where: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    report("error", { where, error });
  }
}
