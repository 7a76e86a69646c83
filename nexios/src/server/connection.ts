import { JsonError, parseJson } from "../protocol/json.ts";
import type { Clock } from "../world/clock.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { User } from "./identity.ts";
import type { Received } from "./inbox.ts";
import type { Limits } from "./limits.ts";
import type { Ending, OpenConnection } from "./open-connection.ts";
import type { Params } from "./path.ts";
import type { Schema } from "../contract/check.ts";
import { validate } from "./schema.ts";
import type { AcceptOptions, Upgrade } from "./upgrade.ts";
import { toBinaryFrame, toTextFrame } from "./websocket-frame.ts";

/** How `messages` treats a message that is not JSON or does not fit its schema. */
export interface MessagesOptions {
  /** Skip it: its sender is told, and the iteration goes on. Otherwise the iteration throws. */
  readonly skipInvalid?: boolean;
}

/** What a connection takes from its request. */
export interface ConnectionRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly address: string;
}

/**
 * A WebSocket in its handler (`ws`). Whatever waits for a peer that leaves rejects with `CONNECTION_CLOSED`, which the app takes as a normal end.
 */
export class Connection<Path extends string = string, U extends User | undefined = User | undefined> {
  /** The parameters of the route's path. */
  readonly params: Params<Path>;
  /** The headers of the request. */
  readonly headers: Headers;
  /** The client's address, behind trusted proxies too. */
  readonly address: string;
  readonly #upgrade: Upgrade;
  readonly #services: { readonly clock: Clock; readonly limits: Limits };

  constructor(upgrade: Upgrade, request: ConnectionRequest, services: { readonly clock: Clock; readonly limits: Limits }) {
    this.#upgrade = upgrade;
    this.#services = services;
    // The router has matched the path that these are the names of.
    this.params = request.params as Params<Path>;
    this.headers = request.headers;
    this.address = request.address;
  }

  /** Who it is, behind `auth`. */
  get user(): U {
    // `auth` has run before the handler, or the type says `undefined`.
    return this.#upgrade.user as U;
  }

  /** The application's subprotocols that the client offers, in its order. */
  get offeredSubprotocols(): readonly string[] {
    return this.#upgrade.offered.names;
  }

  /** How the connection ended; `undefined` while it is open. */
  get ending(): Ending | undefined {
    return this.#upgrade.open?.ending;
  }

  /** The connection itself, for what is built on it. @throws NexiosError NOT_ACCEPTED */
  get open(): OpenConnection {
    const { open } = this.#upgrade;
    if (open === undefined) throw new NexiosError("NOT_ACCEPTED", "Call `await ws.accept()` first");
    return open;
  }

  /** Accepts the connection. @throws NexiosError CONNECTION_CLOSED when the peer has left. */
  accept(options?: AcceptOptions): Promise<void> {
    return optional(this.#upgrade.accept(options).then(() => undefined));
  }

  /** Ends it: what was sent before reaches the peer first. Before `accept` the request is refused with 403. */
  close(code = 1000, reason = ""): void {
    if (!(code === 1000 || (code >= 3000 && code <= 4999))) throw new TypeError(`${code} is not a close code: use 1000, or 3000 to 4999`);
    if (Buffer.byteLength(reason) > 123) throw new TypeError("The reason of a close has at most 123 bytes");
    if (this.#upgrade.open === undefined) this.#upgrade.refuse();
    else this.#upgrade.open.close(code, reason);
  }

  /**
   * Takes another token of the same user, so that the connection outlives the first.
   * @throws NexiosError TOKEN_INVALID, TOKEN_EXPIRED or FORBIDDEN; the connection goes on with the token that it has.
   */
  async renew(token: string): Promise<void> {
    await this.#upgrade.renew(token);
  }

  /** @throws NexiosError CONNECTION_CLOSED, or WRONG_FRAME for a binary message, which its sender is told too. */
  receiveText(): Promise<string> {
    return optional(this.#next().then((received) => (typeof received === "string" ? received : this.#refuse(wrongFrame("text", "binary")))));
  }

  /** @throws NexiosError CONNECTION_CLOSED, or WRONG_FRAME for a text message, which its sender is told too. */
  receiveBytes(): Promise<Uint8Array> {
    return optional(this.#next().then((received) => (typeof received === "string" ? this.#refuse(wrongFrame("binary", "text")) : received)));
  }

  /** The next message, checked by `schema` if there is one. @throws NexiosError CONNECTION_CLOSED, WRONG_FRAME, BAD_JSON or INVALID_MESSAGE; of the last three its sender is told too. */
  receiveJson(): Promise<unknown>;
  receiveJson<Output>(schema: Schema<Output>): Promise<Output>;
  receiveJson(schema?: Schema<unknown>): Promise<unknown> {
    return optional(this.#next().then((received) => this.#toJson(received, schema)));
  }

  /** Message by message, until the peer leaves. @throws NexiosError WRONG_FRAME, BAD_JSON or INVALID_MESSAGE, unless they are skipped. */
  messages(schema?: undefined, options?: MessagesOptions): AsyncGenerator<unknown, void, undefined>;
  messages<Output>(schema: Schema<Output>, options?: MessagesOptions): AsyncGenerator<Output, void, undefined>;
  async *messages(schema?: Schema<unknown>, options: MessagesOptions = {}): AsyncGenerator<unknown, void, undefined> {
    for (;;) {
      const received = await this.#next().catch(toUndefinedIfClosed);
      if (received === undefined) return;
      try {
        yield await this.#toJson(received, schema);
      } catch (error) {
        if (!options.skipInvalid || !isPeersFault(error)) throw error;
      }
    }
  }

  /** Sends a value as JSON. Resolves when the socket takes more. @throws NexiosError CONNECTION_CLOSED; TypeError for what has no JSON form */
  sendJson(value: unknown): Promise<void> {
    return optional(this.#queue(() => toTextFrame(toJsonText(value))));
  }

  /** Sends a text. Resolves when the socket takes more. @throws NexiosError CONNECTION_CLOSED */
  sendText(text: string): Promise<void> {
    return optional(this.#queue(() => toTextFrame(text)));
  }

  /** Sends bytes. Resolves when the socket takes more. @throws NexiosError CONNECTION_CLOSED */
  sendBytes(bytes: Uint8Array): Promise<void> {
    return optional(this.#queue(() => toBinaryFrame(bytes)));
  }

  async #queue(toFrame: () => Uint8Array): Promise<void> {
    const { open } = this;
    if (open.ending === undefined) open.outbox.send(toFrame());
    if (open.ending === undefined && open.outbox.blocked) await open.outbox.whenFlowing();
    if (open.ending !== undefined) throw new NexiosError("CONNECTION_CLOSED", `The connection has ended (${open.ending.code})`);
  }

  async #next(): Promise<Received> {
    return this.open.inbox.next();
  }

  async #toJson(received: Received, schema: Schema<unknown> | undefined): Promise<unknown> {
    if (typeof received !== "string") return this.#refuse(wrongFrame("text", "binary"));
    try {
      return await validate(schema, parseJson(received, { depth: this.#services.limits.jsonDepth, keys: this.#services.limits.jsonKeys }));
    } catch (error) {
      if (error instanceof JsonError) return this.#refuse(new NexiosError("BAD_JSON", error.message, { status: 400 }));
      return isPeersFault(error) ? this.#refuse(error) : Promise.reject(error);
    }
  }

  /** The peer gets the code and our sentence, the handler the error. */
  #refuse(error: NexiosError): never {
    const path = error.path === undefined || error.path === "" ? {} : { path: error.path };
    this.open.tell({ code: error.code, message: error.message, ...path });
    throw error;
  }
}

/** True for a message that its sender should not have sent. */
export function isPeersFault(error: unknown): error is NexiosError {
  return error instanceof NexiosError && (error.code === "BAD_JSON" || error.code === "WRONG_FRAME" || error.code === "INVALID_MESSAGE");
}

/** Who does not wait for it does not care how it ends; whoever does is told. Otherwise a peer that leaves could end the process. */
function optional<Value>(running: Promise<Value>): Promise<Value> {
  running.catch(() => undefined);
  return running;
}

function toJsonText(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError("This value has no JSON form");
  return text;
}

function toUndefinedIfClosed(error: unknown): undefined {
  if (error instanceof NexiosError && error.code === "CONNECTION_CLOSED") return undefined;
  throw error;
}

function wrongFrame(wanted: string, got: string): NexiosError {
  return new NexiosError("WRONG_FRAME", `A ${wanted} message was expected, a ${got} one came`, { status: 400 });
}
