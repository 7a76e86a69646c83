import { type RawClientFrame, type RawServerFrame, readFrames, writeFrames } from "./raw-frames.ts";

const pingMs = 1_500;
const silenceMs = 5_000;
/** Fewer than a server takes in one message. */
const messageFrames = 200;

/** How a connection ended, as this side knows it: at both ends, or given up here, which the other side may not have heard of. */
export type RawEnd = "closed" | "silent";

/** What a connection tells. Nothing comes after `onEnd`. */
export interface RawEvents {
  readonly onOpen: () => void;
  readonly onFrame: (frame: RawServerFrame) => void;
  readonly onEnd: (how: RawEnd) => void;
}

/** One WebSocket with frames of JSON, given up when the other side has been silent for too long. */
export class RawConnection {
  readonly #socket: WebSocket;
  readonly #events: RawEvents;
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #out: RawClientFrame[] = [];
  #isOver = false;

  constructor(url: string, events: RawEvents) {
    this.#events = events;
    this.#socket = new WebSocket(url, "nexios.v1.json");
    this.#socket.addEventListener("open", () => {
      if (!this.#isOver) events.onOpen();
    });
    this.#socket.addEventListener("message", ({ data }) => this.#take(String(data)));
    this.#socket.addEventListener("close", () => this.#end("closed"));
    this.#timer = setInterval(() => this.#watch(), pingMs);
  }

  /** Frames that leave in one message with what else is sent in this turn; lost if the connection is. */
  send(...frames: readonly RawClientFrame[]): void {
    if (this.#out.length === 0) queueMicrotask(() => this.#flush());
    this.#out.push(...frames);
  }

  /** Gives it up; a line that is dead need not answer. */
  end(): void {
    this.#end("silent");
  }

  #end(how: RawEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#socket.close();
    this.#events.onEnd(how);
  }

  #flush(): void {
    while (this.#out.length > 0) {
      const message = writeFrames(this.#out.splice(0, messageFrames));
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message);
    }
  }

  #take(message: string): void {
    this.#heardAt = performance.now();
    for (const frame of readFrames(message)) if (!this.#isOver) this.#events.onFrame(frame);
  }

  #watch(): void {
    if (performance.now() - this.#heardAt > silenceMs) return this.end();
    this.send({ t: "t", sentAt: Math.floor(performance.now()) });
  }
}
