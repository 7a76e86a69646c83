import type { ClientFrame } from "../protocol/frame.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Cancel } from "../world/clock.ts";
import type { ClientLimits } from "./limits.ts";
import type { ClientConnection, ClientWorld } from "./client-world.ts";
import type { ReceivedFrame, ReplyFrame, RoomFrame, Wire } from "./received-frame.ts";

type Of<Kind extends ReceivedFrame["kind"]> = Extract<ReceivedFrame, { readonly kind: Kind }>;
type Encoded = string | Uint8Array;

/** What a session tells its client. Nothing comes after `onEnd`. */
export interface SessionEvents {
  onWelcome(frame: Of<"welcome">): void;
  /** An exchange of clocks: when it began by the client's monotonic clock, and the server's time in between. */
  onTime(sentAt: number, now: number): void;
  onDrain(frame: Of<"drain">): void;
  /** `code`: of the close; 1006 where the client itself gave the line up. */
  onEnd(code: number, reason: string): void;
}

export interface SessionServices {
  readonly world: ClientWorld;
  readonly limits: ClientLimits;
  readonly wire: Wire;
  readonly url: string;
  readonly token: string | undefined;
}

/** What any server takes before it has said more. */
const firstBytes = 16_384;
const firstFrames = 64;
const lost = 1006;

/** One connection from its opening to its end: the numbers of its requests and rooms, and what leaves in one message. */
export class Session {
  readonly #services: SessionServices;
  readonly #events: SessionEvents;
  readonly #connection: ClientConnection;
  readonly #replies = new Map<number, (frame: ReplyFrame) => void>();
  readonly #rooms = new Map<number, (frame: RoomFrame) => void>();
  #lastId = 0;
  #out: Encoded[] = [];
  #sentAt = -Infinity;
  #flushing = false;
  #isOpen = false;
  #isWelcome = false;
  #hasEnded = false;
  #messageBytes = firstBytes;
  #messageFrames = firstFrames;
  #helloAt = 0;
  #heardAt: number;
  /** The ping that must be answered first. */
  #askedAt = -Infinity;
  #dueAt = -Infinity;
  #cancelDeadline: Cancel;

  constructor(services: SessionServices, events: SessionEvents) {
    const { world, wire, url, token, limits } = services;
    this.#services = services;
    this.#events = events;
    this.#heardAt = this.#now;
    this.send({ kind: "hello", token, client: "nexios", inflates: true });
    this.#connection = world.connect(url, wire.subprotocol, {
      onOpen: () => {
        this.#isOpen = true;
        this.#helloAt = this.#now;
        this.#flush();
      },
      onMessage: (message) => this.#take(message),
      onClose: (code, reason) => this.#end(code, reason),
    });
    this.#cancelDeadline = world.clock.after(limits.connectMs, () => this.fail());
  }

  /** The server has taken the hello. */
  get isWelcome(): boolean {
    return this.#isWelcome;
  }

  /** The number of one more request. Its replies come to `onReply`: more than one if it is sent again. */
  newId(onReply: (frame: ReplyFrame) => void): number {
    this.#replies.set(++this.#lastId, onReply);
    return this.#lastId;
  }

  /** Nothing more is expected for this request. */
  forget(id: number): void {
    this.#replies.delete(id);
  }

  /** Sends with what else is sent in this turn. @throws NexiosError LIMIT for a frame that the server would not take; TypeError for what has no JSON form */
  send(frame: ClientFrame): void {
    const encoded = this.#services.wire.encode(frame);
    if (sizeOf(encoded) > this.#messageBytes) throw new NexiosError("LIMIT", `A message is at most ${this.#messageBytes} bytes`);
    if (this.#hasEnded) return;
    this.#out.push(encoded);
    if (this.#flushing) return;
    this.#flushing = true;
    const { clock } = this.#services.world;
    const waitMs = this.#sentAt + this.#services.limits.gatherMs - this.#now;
    const flush = (): void => {
      this.#flushing = false;
      this.#flush();
    };
    if (waitMs > 0) clock.after(Math.ceil(waitMs), flush);
    else clock.afterTurn(flush);
  }

  /** From now on the frames of this number are of that room. */
  bind(room: number, take: (frame: RoomFrame) => void): void {
    this.#rooms.set(room, take);
  }

  /** What still comes for it is dropped. */
  release(room: number): void {
    this.#rooms.delete(room);
  }

  /** Asks for the server's time; if nothing at all comes within `withinMs`, the line is given up. */
  ping(withinMs: number): void {
    if (!this.#isWelcome || this.#hasEnded) return;
    const askedAt = this.#now;
    // Not gathered: its way is measured.
    this.#write([this.#services.wire.encode({ kind: "ping", sentAt: askedAt })]);
    const dueAt = askedAt + withinMs;
    const isAwaited = this.#heardAt < this.#askedAt && this.#dueAt <= dueAt;
    if (isAwaited) return;
    this.#askedAt = askedAt;
    this.#dueAt = dueAt;
    this.#cancelDeadline();
    this.#cancelDeadline = this.#services.world.clock.after(withinMs, () => {
      if (this.#heardAt < askedAt) this.fail();
    });
  }

  /** Gives the line up, as if it were lost. */
  fail(reason = ""): void {
    this.#connection.close();
    this.#end(lost, reason);
  }

  /** Ends it without a word to its client. */
  close(): void {
    this.#hasEnded = true;
    this.#cancelDeadline();
    this.#connection.close();
  }

  get #now(): number {
    return this.#services.world.clock.monotonic();
  }

  #end(code: number, reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelDeadline();
    this.#events.onEnd(code, reason);
  }

  /** Before the welcome one message goes: what the server has not heard of it will not wait for more. */
  #flush(): void {
    if (!this.#isOpen || this.#hasEnded || this.#flushing) return;
    while (this.#out.length > 0 && (this.#isWelcome || this.#sentAt === -Infinity)) {
      let bytes = 0;
      let count = 0;
      for (const frame of this.#out) {
        bytes += sizeOf(frame) + 1;
        if (count > 0 && (bytes > this.#messageBytes || count === this.#messageFrames)) break;
        count++;
      }
      this.#write(this.#out.splice(0, count));
    }
  }

  #write(frames: readonly Encoded[]): void {
    this.#sentAt = this.#now;
    this.#connection.send(this.#services.wire.join(frames));
  }

  #take(message: Encoded): void {
    if (this.#hasEnded) return;
    this.#heardAt = this.#now;
    try {
      for (const frame of this.#services.wire.decode(message)) this.#takeFrame(frame);
    } catch {
      // Nothing that can be read: it is not the page's fault, and perhaps the next connection speaks better.
      this.fail();
    }
  }

  #takeFrame(frame: ReceivedFrame): void {
    if (this.#hasEnded) return;
    switch (frame.kind) {
      case "welcome":
        this.#isWelcome = true;
        this.#messageBytes = frame.messageBytes;
        this.#messageFrames = frame.messageFrames;
        this.#cancelDeadline();
        this.#events.onTime(this.#helloAt, frame.now);
        this.#events.onWelcome(frame);
        return this.#flush();
      case "pong":
        return this.#events.onTime(frame.sentAt, frame.now);
      case "drain":
        return this.#events.onDrain(frame);
      case "ignored":
        if (frame.room !== undefined) return this.#rooms.get(frame.room)?.(frame);
        // A whole message came too fast, whatever was in it: another connection begins anew, in time. After any other the server closes, and says so.
        if (frame.retryAfterMs !== undefined) this.fail(String(frame.retryAfterMs));
        return;
      default:
        if ("id" in frame) this.#replies.get(frame.id)?.(frame);
        else this.#rooms.get(frame.room)?.(frame);
    }
  }
}

function sizeOf(encoded: Encoded): number {
  return typeof encoded === "string" ? new TextEncoder().encode(encoded).length : encoded.length;
}
