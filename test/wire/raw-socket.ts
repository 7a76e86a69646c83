import { connect, type Socket } from "node:net";
import { type Frame, readFrames } from "./client-frames.ts";

/** A TCP socket that says whatever a test wants, and remembers all that it hears. */
export class RawSocket {
  /** All that came, once nothing more comes. */
  readonly ended: Promise<string>;
  readonly #socket: Socket;
  readonly #parts: Buffer[] = [];
  #heard = Promise.withResolvers<void>();
  #over = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (part: Buffer) => {
      this.#parts.push(part);
      this.#wake();
    });
    // The close that follows tells what there is to tell.
    socket.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      socket.on("close", () => {
        this.#over = true;
        this.#wake();
        resolve(this.text);
      });
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  get text(): string {
    return this.bytes.toString("latin1");
  }

  get over(): boolean {
    return this.#over;
  }

  /** The frames behind the handshake's answer. */
  get frames(): readonly Frame[] {
    const start = this.bytes.indexOf("\r\n\r\n");
    return start < 0 ? [] : readFrames(this.bytes.subarray(start + 4));
  }

  /** Resolves when the socket takes more, or is gone. */
  async write(bytes: string | Uint8Array): Promise<void> {
    if (this.#over || this.#socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      this.#socket.once("drain", resolve);
      this.#socket.once("close", () => resolve());
    });
  }

  /** Resolves when what came satisfies `enough`; rejects when the socket ends first. */
  async until(enough: (socket: this) => boolean): Promise<void> {
    while (!enough(this)) {
      if (this.#over) throw new Error(`The socket has ended after: ${JSON.stringify(this.text.slice(0, 500))}`);
      await this.#heard.promise;
    }
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    const heard = this.#heard;
    this.#heard = Promise.withResolvers();
    heard.resolve();
  }
}

/** Opens a TCP connection to this machine. */
export function openRaw(port: number): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(new RawSocket(socket)));
    socket.once("error", reject);
  });
}

/** Resolves when all that is ready in this turn of the event loop has been handled. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The head of an upgrade's request, with header lines of the test's own. */
export function upgradeHead(path: string, lines: readonly string[] = [], host = "localhost"): string {
  const standard = [`Host: ${host}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="];
  return [`GET ${path} HTTP/1.1`, ...standard, ...lines, "", ""].join("\r\n");
}

/** Opens a WebSocket whose frames the test writes itself. */
export async function openRawWebSocket(port: number, path = "/", lines: readonly string[] = []): Promise<RawSocket> {
  const raw = await openRaw(port);
  await raw.write(upgradeHead(path, lines));
  await raw.until(({ text }) => text.includes("\r\n\r\n"));
  if (!raw.text.startsWith("HTTP/1.1 101 ")) throw new Error(`The handshake was refused: ${raw.text}`);
  return raw;
}

/** Sends bytes and resolves with the whole answer, once the server has closed. */
export async function answerTo(port: number, bytes: string | Uint8Array): Promise<string> {
  const raw = await openRaw(port);
  await raw.write(bytes);
  return raw.ended;
}
