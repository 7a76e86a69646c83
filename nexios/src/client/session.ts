import type { ClientFrame } from "../protocol/frame.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Hub } from "./hub.ts";
import type { FrameOf, ReceivedFrame, ReplyFrame, RoomFrame, Wire } from "./received-frame.ts";
import { createTimer } from "./timer.ts";

type Encoded = string | Uint8Array;
/** Each of several types of frames without a field, which is filled in where it is sent. */
export type Without<Frame, Field extends PropertyKey> = Frame extends unknown ? Omit<Frame, Field> : never;
type Asking = Without<Extract<ClientFrame, { readonly id: number }>, "id">;

/** Where a session goes, and what it tells. Nothing comes after `onEnd`. */
export interface SessionOptions {
  readonly wire: Wire;
  readonly url: string;
  readonly token: string | undefined;
  readonly onWelcome: (frame: FrameOf<"welcome">) => void;
  readonly onDrain: (frame: FrameOf<"drain">) => void;
  /** `code`: of the close; 1006 where the client itself gave the line up. */
  readonly onEnd: (code: number, reason: string) => void;
}

/** One connection from its opening to its end: the numbers of its requests and rooms, and what leaves in one message. */
export interface Session {
  /** Who takes the frames of a room, by its number. What comes for another is dropped. */
  readonly rooms: Map<number, (frame: RoomFrame) => void>;
  /** Sends with what else is sent in this turn. @throws NexiosError LIMIT for a frame that the server would not take; TypeError for what has no JSON form */
  send(frame: ClientFrame): void;
  /**
   * Sends a request, which is answered by frames of a kind or by a failure: once, unless `onReply` says that another answer is awaited.
   * @param id Of one that is sent again; a new one unless given.
   * @throws as `send` does
   */
  ask<Kind extends ReplyFrame["kind"]>(frame: Asking, onReply: (frame: FrameOf<Kind | "failed">) => boolean | void, id?: number): number;
  /** Asks for the server's time; if nothing at all comes within `withinMs`, the line is given up. */
  ping(withinMs: number): void;
  /** Ends it, without a word to its client. */
  close(): void;
}

export function openSession(hub: Hub, { wire, url, token, onWelcome, onDrain, onEnd }: SessionOptions): Session {
  const lost = 1006;
  const { world, limits } = hub;
  const { clock } = world;
  const deadline = createTimer(clock);
  const rooms: Session["rooms"] = new Map();
  /** Who takes the replies to a request, by its number. */
  const replies = new Map<number, (frame: ReplyFrame) => void>();
  const out: Encoded[] = [];
  let lastId = 0;
  /** Until then the messages that have left take up the rate. */
  let busyUntil = -Infinity;
  let isGathering = false;
  let isOpen = false;
  let isWelcome = false;
  let hasEnded = false;
  /** What any server takes before it has said more. */
  let messageBytes = 16_384;
  let messageFrames = 64;
  let helloAt = 0;
  /** When the ping that must be answered first is late. */
  let dueAt = 0;

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
    if (isWelcome) deadline.stop();
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
      takeTime(helloAt, frame.now);
      onWelcome(frame);
      flush();
    } else if (frame.kind === "pong") takeTime(frame.sentAt, frame.now);
    else if (frame.kind === "drain") onDrain(frame);
    else if ("id" in frame) replies.get(frame.id)?.(frame);
    else if (frame.room !== undefined) rooms.get(frame.room)?.(frame);
    // A whole message came too fast, whatever was in it: another connection begins anew, in time. After any other the server closes, and says so.
    else if (frame.kind === "ignored" && frame.retryAfterMs !== undefined) fail(String(frame.retryAfterMs));
  }

  function takeTime(sentAt: number, now: number): void {
    hub.clock.take(sentAt, clock.monotonic(), now);
  }

  function fail(reason = ""): void {
    connection.close();
    end(lost, reason);
  }

  function end(code: number, reason: string): void {
    if (hasEnded) return;
    stop();
    onEnd(code, reason);
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
    send,
    ask(frame, onReply, id = ++lastId) {
      send({ ...frame, id });
      replies.set(id, (reply) => {
        // A server answers a request by frames of its kinds.
        if (!onReply(reply as Parameters<typeof onReply>[0])) replies.delete(id);
      });
      return id;
    },
    ping(withinMs) {
      if (!isWelcome) return;
      const now = clock.monotonic();
      // Not gathered: its way is measured.
      write([wire.encode({ kind: "ping", sentAt: now })]);
      // One that was asked before must be answered sooner.
      if (deadline.isSet && dueAt <= now + withinMs) return;
      dueAt = now + withinMs;
      deadline.set(withinMs, fail);
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
