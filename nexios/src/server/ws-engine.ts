import { type IncomingMessage, STATUS_CODES, validateHeaderName, validateHeaderValue } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { Transport, TransportEvents } from "../world/transport.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Limits } from "./limits.ts";

/** A request that asks for an upgrade, with the socket that it came on. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** What the handshake's answer says beside the 101. */
export interface HandshakeAnswer {
  readonly subprotocol: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The only file that knows `ws`: it makes the handshake, receives, answers pings and closes. What we send is framed by us and goes straight to the socket,
 * which is sound because compression is off and `ws` itself sends whole control frames only.
 */
export class WsEngine {
  readonly #server: WebSocketServer;
  readonly #limits: Limits;
  readonly #answers = new WeakMap<IncomingMessage, HandshakeAnswer>();

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: finite(limits.messageBytes),
      maxFragments: finite(limits.messageFragments),
      maxBufferedChunks: 4 * 1024,
      closeTimeout: finite(limits.closingMs),
      handleProtocols: (_offered, request) => this.#answers.get(request)?.subprotocol ?? false,
    } as ConstructorParameters<typeof WebSocketServer>[0]);
    this.#server.on("headers", (lines, request) => {
      for (const [name, value] of Object.entries(this.#answers.get(request)?.headers ?? {})) lines.push(`${name}: ${value}`);
    });
    this.#server.on("wsClientError", (_error, socket) => endWith(socket, 400));
  }

  /**
   * Completes the handshake. The events begin in the next turn, so that whoever awaits has the transport first.
   * @throws NexiosError CONNECTION_CLOSED when the peer has left; TypeError for a header that is none.
   */
  accept(upgrade: UpgradeRequest, answer: HandshakeAnswer, toEvents: (transport: Transport) => TransportEvents): Promise<Transport> {
    const { request, socket, head } = upgrade;
    for (const [name, value] of Object.entries(answer.headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    if (socket.destroyed || !socket.writable) return Promise.reject(new NexiosError("CONNECTION_CLOSED", "The peer left before it was accepted"));
    this.#answers.set(request, answer);
    return new Promise((resolve, reject) => {
      const onClose = (): void => reject(new NexiosError("CONNECTION_CLOSED", "The peer left before it was accepted"));
      socket.once("close", onClose);
      this.#server.handleUpgrade(request, socket, head, (ws) => {
        socket.off("close", onClose);
        const transport = new WsTransport(ws, socket, this.#limits);
        transport.listen(toEvents(transport));
        resolve(transport);
      });
    });
  }
}

/** How a client opens a WebSocket. */
export interface OpenOptions {
  readonly subprotocols?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Goes over this stream instead of a port. */
  readonly stream?: Duplex | undefined;
}

/** What a test needs of a client's WebSocket. `ws` publishes no types of its own, so that none of its may be in ours. */
export interface ClientSocket {
  readonly protocol: string;
  on(event: "open", listener: () => void): unknown;
  on(event: "message", listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: "close", listener: (code: number, reason: Buffer) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "unexpected-response", listener: (request: unknown, response: IncomingMessage) => void): unknown;
  send(data: string | Uint8Array): void;
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** The client's side, for tests: `ws` itself. */
export function openWebSocket(url: string, { subprotocols = [], headers = {}, stream }: OpenOptions): ClientSocket {
  return new WebSocket(url, [...subprotocols], { headers, perMessageDeflate: false, ...(stream && { createConnection: () => stream as never }) });
}

/** A limit of `Infinity` is no limit: `ws` writes that as 0. */
function finite(limit: number): number {
  return Number.isFinite(limit) ? limit : 0;
}

/** The status for a handshake that cannot succeed, by RFC 6455, section 4.2.1; `undefined` for one that can. */
export function handshakeFault(request: IncomingMessage): number | undefined {
  const { headers, method, httpVersion, rawHeaders } = request;
  if (method !== "GET") return 405;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim()) ?? [];
  const sound =
    httpVersion === "1.1" &&
    hosts === 1 &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "") &&
    offered.every((name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) &&
    new Set(offered).size === offered.length;
  if (!sound) return 400;
  return headers["sec-websocket-version"] === "13" ? undefined : 426;
}

/** Answers a socket that has been asked for an upgrade with a status alone. */
export function endWith(socket: Duplex, status: number): void {
  const version = status === 426 ? "Sec-WebSocket-Version: 13\r\n" : "";
  if (socket.writable) socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${version}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  else socket.destroy();
}

class WsTransport implements Transport {
  readonly #ws: WebSocket;
  readonly #socket: Duplex & { readonly bytesRead?: number; readonly bytesWritten?: number };
  readonly #limits: Limits;
  #written = 0;
  #open = true;

  constructor(ws: WebSocket, socket: Duplex, limits: Limits) {
    this.#ws = ws;
    this.#socket = socket;
    this.#limits = limits;
  }

  listen(events: TransportEvents): void {
    const ws = this.#ws;
    ws.on("message", (data: Buffer, isBinary: boolean) => {
      // A slice would keep the whole chunk that it came in.
      if (isBinary) events.onBytes(new Uint8Array(data));
      else events.onText(data.toString("utf8"));
    });
    ws.on("ping", (payload: Buffer) => events.onControl(payload.length + maskedHeaderBytes));
    ws.on("pong", (payload: Buffer) => events.onControl(payload.length + maskedHeaderBytes));
    // The close that follows tells what there is to tell.
    ws.on("error", () => undefined);
    ws.on("close", (code: number, reason: Buffer) => {
      this.#open = false;
      events.onClose(code, reason.toString("utf8"));
    });
    this.#socket.on("drain", () => events.onDrain());
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  get takenBytes(): number {
    return this.#written - this.#socket.writableLength;
  }

  get receivedBytes(): number {
    return this.#socket.bytesRead ?? 0;
  }

  write(frames: Uint8Array): void {
    // Nothing may follow a close frame.
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#written += frames.length;
    this.#socket.write(frames);
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    // Behind a full socket no close frame would ever be read.
    if (this.#socket.writableLength >= this.#limits.unsentBytes) this.#ws.terminate();
    else this.#ws.close(code, reason);
  }

  destroy(): void {
    if (this.#open) this.#ws.terminate();
  }
}

const maskedHeaderBytes = 6;
