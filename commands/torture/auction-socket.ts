// Hot: a process has a thousand of them, and each gets every entry of the lot.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** What a socket tells. Nothing comes after `onEnd`. */
export interface SocketEvents {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onEnd: () => void;
}

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const finished = 0x80;
const masked = 0x80;
const headEnd = Buffer.from("\r\n\r\n");

/** As little of a WebSocket (RFC 6455) as a client of our own server needs: whole messages, and a mask of zeros, which changes nothing. */
export class AuctionSocket {
  readonly #socket: Socket;
  readonly #events: SocketEvents;
  #buffered: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #isOver = false;

  constructor(port: number, events: SocketEvents) {
    this.#events = events;
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("connect", () => this.#socket.write(handshake(port)));
    this.#socket.on("data", (bytes: Buffer) => this.#take(bytes));
    // What went wrong shows as an end.
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.end());
  }

  /** Sends a text of Latin letters. */
  send(text: string): void {
    if (this.#isOpen && !this.#isOver) this.#socket.write(toFrame(opcodes.text, Buffer.from(text, "latin1")));
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.destroy();
    this.#events.onEnd();
  }

  #take(bytes: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? bytes : Buffer.concat([this.#buffered, bytes]);
    if (!this.#isOpen && !this.#takeHead()) return;
    let at = 0;
    for (;;) {
      const frame = frameAt(this.#buffered, at);
      if (frame === undefined) break;
      at = frame.end;
      if (frame.opcode === opcodes.text) this.#events.onText(this.#buffered.toString("utf8", frame.start, frame.end));
      else if (frame.opcode === opcodes.ping) this.#socket.write(toFrame(opcodes.pong, this.#buffered.subarray(frame.start, frame.end)));
      else if (frame.opcode === opcodes.close) return this.end();
      if (this.#isOver) return;
    }
    if (at > 0) this.#buffered = this.#buffered.subarray(at);
  }

  /** False until the server has answered; an answer other than a switch ends it. */
  #takeHead(): boolean {
    const end = this.#buffered.indexOf(headEnd);
    if (end === -1) return false;
    if (!this.#buffered.toString("latin1", 0, end).startsWith("HTTP/1.1 101")) {
      this.end();
      return false;
    }
    this.#buffered = this.#buffered.subarray(end + headEnd.length);
    this.#isOpen = true;
    this.#events.onOpen();
    return true;
  }
}

function handshake(port: number): string {
  return [
    "GET /realtime HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Protocol: nexios.v1.json",
    "\r\n",
  ].join("\r\n");
}

/** Where the frame's payload is; `undefined` while it is not whole. */
function frameAt(bytes: Buffer, at: number): { readonly opcode: number; readonly start: number; readonly end: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const short = bytes[at + 1]!;
  const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < at + headBytes) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
  const start = at + headBytes;
  return bytes.length < start + length ? undefined : { opcode: bytes[at]! & 0x0f, start, end: start + length };
}

function toFrame(opcode: number, payload: Buffer): Buffer {
  const isShort = payload.length < 126;
  const head = Buffer.alloc(isShort ? 6 : 8);
  head[0] = finished | opcode;
  head[1] = masked | (isShort ? payload.length : 126);
  if (!isShort) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
