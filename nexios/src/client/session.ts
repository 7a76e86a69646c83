import type { ClientFrame } from "../protocol/frame.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ClientWorld } from "./client-world.ts";
import type { ClientLimits } from "./limits.ts";
import type { FrameOf, ReceivedFrame, ReplyFrame, RoomFrame, Wire } from "./received-frame.ts";
import { createTimer } from "./timer.ts";

type Encoded = string | Uint8Array;
/** Each of several types of frames without a field, which is filled in where it is sent. */
export type Without<Frame, Field extends PropertyKey> = Frame extends unknown ? Omit<Frame, Field> : never;
type Asking = Without<Extract<ClientFrame, { readonly id: number }>, "id">;

/** What a session tells its client. Nothing comes after `onEnd`. */
export interface SessionEvents {
  onWelcome(frame: FrameOf<"welcome">): void;
  /** An exchange of clocks: when it began by the client's monotonic clock, and the server's time in between. */
  onTime(sentAt: number, now: number): void;
  onDrain(frame: FrameOf<"drain">): void;
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

/** One connection from its opening to its end: the numbers of its requests and rooms, and what leaves in one message. */
export interface Session {
  /** Who takes the frames of a room, by its number. What comes for another is dropped. */
  readonly rooms: Map<number, (frame: RoomFrame) => void>;
  /** Who takes the replies to a request, by its number, until it is deleted. */
  readonly replies: Map<number, (frame: ReplyFrame) => void>;
  /** The number of one more request, which is answered by frames of a kind, or by a failure: more than once if it is sent again. */
  newId<Kind extends ReplyFrame["kind"]>(onReply: (frame: FrameOf<Kind | "failed">) => void): number;
  /** Sends with what else is sent in this turn. @throws NexiosError LIMIT for a frame that the server would not take; TypeError for what has no JSON form */
  send(frame: ClientFrame): void;
  /** Sends a request, for one reply. @throws as `send` does */
  ask<Kind extends ReplyFrame["kind"]>(frame: Asking, onReply: (frame: FrameOf<Kind | "failed">) => void): number;
  /** Asks for the server's time; if nothing at all comes within `withinMs`, the line is given up. */
  ping(withinMs: number): void;
  /** Ends it, without a word to its client. */
  close(): void;
}

/** What any server takes before it has said more. */
const firstBytes = 16_384;
const firstFrames = 64;
const lost = 1006;

export function openSession({ world, limits, wire, url, token }: SessionServices, events: SessionEvents): Session {
  const { clock } = world;
  const deadline = createTimer(clock);
  const rooms: Session["rooms"] = new Map();
  const replies: Session["replies"] = new Map();
  const out: Encoded[] = [];
  let lastId = 0;
  /** Until then the messages that have left take up the rate. */
  let busyUntil = -Infinity;
  let isGathering = false;
  let isOpen = false;
  let isWelcome = false;
  let hasEnded = false;
  let messageBytes = firstBytes;
  let messageFrames = firstFrames;
  let helloAt = 0;
  let heardAt = clock.monotonic();
  /** The ping that must be answered first. */
  let askedAt = -Infinity;
  let dueAt = -Infinity;

  const newId: Session["newId"] = (onReply) => {
    // A server answers a request by frames of its kinds.
    replies.set(++lastId, onReply as (frame: ReplyFrame) => void);
    return lastId;
  };

  function send(frame: ClientFrame): void {
    const encoded = wire.encode(frame);
    if (sizeOf(encoded) > messageBytes) throw new NexiosError("LIMIT", `More than ${messageBytes} bytes`);
    if (hasEnded) return;
    out.push(encoded);
    if (isGathering) return;
    isGathering = true;
    const waitMs = busyUntil - limits.burstMs - clock.monotonic();
    const leave = (): void => {
      isGathering = false;
      flush();
    };
    if (waitMs > 0) clock.after(waitMs, leave);
    else clock.afterTurn(leave);
  }

  /** Before the welcome one message goes: what the server has not heard of it will not wait for more. */
  function flush(): void {
    const mayLeave = isOpen && !isGathering && (isWelcome || busyUntil === -Infinity);
    if (!mayLeave || out.length === 0) return;
    let bytes = 0;
    let count = 0;
    for (const frame of out) {
      bytes += sizeOf(frame) + 1;
      if (count > 0 && (bytes > messageBytes || count === messageFrames)) break;
      count++;
    }
    write(out.splice(0, count));
    flush();
  }

  function write(frames: readonly Encoded[]): void {
    busyUntil = Math.max(busyUntil, clock.monotonic()) + limits.gatherMs;
    connection.send(wire.join(frames));
  }

  function take(message: Encoded): void {
    if (hasEnded) return;
    heardAt = clock.monotonic();
    try {
      for (const frame of wire.decode(message)) if (!hasEnded) takeFrame(frame);
    } catch {
      // Nothing that can be read: it is not the page's fault, and perhaps the next connection speaks better.
      fail();
    }
  }

  function takeFrame(frame: ReceivedFrame): void {
    if (frame.kind === "welcome") {
      isWelcome = true;
      ({ messageBytes, messageFrames } = frame);
      deadline.stop();
      events.onTime(helloAt, frame.now);
      events.onWelcome(frame);
      flush();
    } else if (frame.kind === "pong") events.onTime(frame.sentAt, frame.now);
    else if (frame.kind === "drain") events.onDrain(frame);
    else if ("id" in frame) replies.get(frame.id)?.(frame);
    else if (frame.room !== undefined) rooms.get(frame.room)?.(frame);
    // A whole message came too fast, whatever was in it: another connection begins anew, in time. After any other the server closes, and says so.
    else if (frame.kind === "ignored" && frame.retryAfterMs !== undefined) fail(String(frame.retryAfterMs));
  }

  function fail(reason = ""): void {
    connection.close();
    end(lost, reason);
  }

  function end(code: number, reason: string): void {
    if (hasEnded) return;
    stop();
    events.onEnd(code, reason);
  }

  function stop(): void {
    hasEnded = true;
    isOpen = isWelcome = false;
    deadline.stop();
  }

  send({ kind: "hello", token, client: "nexios", inflates: true });
  const connection = world.connect(url, wire.subprotocol, {
    onOpen() {
      isOpen = !hasEnded;
      helloAt = clock.monotonic();
      flush();
    },
    onMessage: take,
    onClose: end,
  });
  deadline.set(limits.connectMs, fail);
  return {
    rooms,
    replies,
    newId,
    send,
    ask(frame, onReply) {
      const id = newId((reply: Parameters<typeof onReply>[0]) => {
        replies.delete(id);
        onReply(reply);
      });
      send({ ...frame, id });
      return id;
    },
    ping(withinMs) {
      if (!isWelcome) return;
      const now = clock.monotonic();
      // Not gathered: its way is measured.
      write([wire.encode({ kind: "ping", sentAt: now })]);
      // One that was asked before must be answered sooner.
      if (heardAt < askedAt && dueAt <= now + withinMs) return;
      askedAt = now;
      dueAt = now + withinMs;
      deadline.set(withinMs, () => {
        if (heardAt < now) fail();
      });
    },
    close() {
      stop();
      connection.close();
    },
  };
}

function sizeOf(encoded: Encoded): number {
  return typeof encoded === "string" ? new TextEncoder().encode(encoded).length : encoded.length;
}
