import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Ending } from "./open-connection.ts";
import { type ClientSocket, openWebSocket, type OpenOptions } from "./ws-engine.ts";

/** The handshake was answered with an HTTP status instead of an upgrade. */
export class HandshakeRefused extends Error {
  override readonly name = "HandshakeRefused";
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** The answer's body: JSON of `{code, message}` when the framework refused. */
  readonly body: string;

  constructor(response: IncomingMessage, body: string) {
    super(`The handshake was answered with ${response.statusCode}: ${body}`);
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.body = body;
  }
}

type Message = string | Uint8Array;

interface Waiter {
  resolve(message: Message): void;
  reject(error: Error): void;
}

/** The other end of a connection, in a test. */
export class Peer {
  /** Resolves when the connection has ended. */
  readonly closed: Promise<Ending>;
  readonly #ws: ClientSocket;
  #messages: Message[] = [];
  #waiters: Waiter[] = [];
  #ending: Ending | undefined;

  constructor(ws: ClientSocket) {
    this.#ws = ws;
    ws.on("message", (data: Buffer, isBinary: boolean) => this.#take(isBinary ? new Uint8Array(data) : data.toString("utf8")));
    ws.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      ws.on("close", (code: number, reason: Buffer) => {
        this.#ending = { code, reason: reason.toString("utf8") };
        for (const waiter of this.#waiters) waiter.reject(endError(this.#ending));
        resolve(this.#ending);
      });
    });
  }

  /** The subprotocol that the server selected; empty when none. */
  get subprotocol(): string {
    return this.#ws.protocol;
  }

  /** The next message, in order, whenever it came. Rejects when the connection ends first. */
  next(): Promise<Message> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#ending !== undefined) return Promise.reject(endError(this.#ending));
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** The next message as JSON. */
  async nextJson<Value = unknown>(): Promise<Value> {
    const message = await this.next();
    if (typeof message !== "string") throw new TypeError("A binary message came where JSON was expected");
    // A test says what it expects, and finds out.
    return JSON.parse(message) as Value;
  }

  sendJson(value: unknown): void {
    this.#ws.send(JSON.stringify(value));
  }

  sendText(text: string): void {
    this.#ws.send(text);
  }

  sendBytes(bytes: Uint8Array): void {
    this.#ws.send(bytes);
  }

  /** Stops reading, as a sleeping laptop does; `resume` goes on. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  /** Leaves in good order. */
  close(code = 1000, reason = ""): void {
    this.#ws.close(code, reason);
  }

  /** Is gone without a word. */
  terminate(): void {
    this.#ws.terminate();
  }

  #take(message: Message): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#messages.push(message);
    else waiter.resolve(message);
  }
}

/** How a test connects. */
export interface ConnectOptions {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
}

/** Opens a WebSocket, over `stream` if there is one, else over the network. @throws HandshakeRefused when the answer is an HTTP status. */
export function openPeer(url: string, { token, headers = {}, subprotocols }: ConnectOptions, stream?: Duplex): Promise<Peer> {
  const options: OpenOptions = { headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers }, subprotocols, stream };
  return new Promise((resolve, reject) => {
    const ws = openWebSocket(url, options);
    const peer = new Peer(ws);
    ws.on("open", () => resolve(peer));
    ws.on("error", reject);
    ws.on("unexpected-response", (_request, response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("close", () => reject(new HandshakeRefused(response, Buffer.concat(parts).toString("utf8"))));
    });
  });
}

function endError({ code, reason }: Ending): Error {
  return new Error(`The connection has ended with ${code}${reason === "" ? "" : ` (${reason})`}`);
}
