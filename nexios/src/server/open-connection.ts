import { type CloseName, closeCodes, type PeerError } from "../protocol/codes.ts";
import type { Clock } from "../world/clock.ts";
import type { Transport, TransportEvents } from "../world/transport.ts";
import { examine, newPulse, type Pulse } from "./heartbeat.ts";
import { Inbox, type Received } from "./inbox.ts";
import type { Limits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { type RateState, takeOne } from "./rate.ts";
import { report } from "../world/report.ts";
import { pingFrame, toTextFrame } from "./websocket-frame.ts";
import type { WriteTurn } from "./write-turn.ts";

/** How a connection ended. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** What an open connection needs of its server. */
export interface ConnectionServices {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly turn: WriteTurn;
  /** Tells the server from all others, on all machines: 12 characters of base64url. */
  readonly serverId: string;
}

/** A refused message is told to its sender at most this often. */
const refusalEveryMs = 1_000;

/** One accepted WebSocket: its two queues, its pulse, its rates and its end. Handlers see it through `Connection`. */
export class OpenConnection implements TransportEvents {
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly pulse: Pulse;
  userId: string | undefined;
  /** When its token runs out, by the wall clock. */
  expiresAt: number | undefined;
  /** The bucket that all connections of its user share. */
  userRate: RateState | undefined;
  /** Resolves when it owes its peer no reply any more: a stop waits for that, within its time. */
  settle: (() => Promise<void>) | undefined;
  /** How its peer is told that a message of its was not taken; in the framework's own form unless given. */
  onRefused: ((error: Omit<PeerError, "type">) => void) | undefined;

  readonly #transport: Transport;
  readonly #services: ConnectionServices;
  readonly #rate: RateState = { due: 0 };
  readonly #onEnd: ((ending: Ending) => void)[] = [];
  #ending: Ending | undefined;
  #closing: Ending | undefined;
  #closingAt: number | undefined;
  #floodSince = -Infinity;
  #refusedAt = -Infinity;
  #toldAt = -Infinity;

  constructor(transport: Transport, services: ConnectionServices) {
    this.#transport = transport;
    this.#services = services;
    // The handshake was received too, and is no part of a message.
    this.pulse = newPulse(services.clock.monotonic(), transport.receivedBytes);
    this.inbox = new Inbox(services.limits, (paused) => (paused ? transport.pause() : transport.resume()));
    this.outbox = new Outbox(transport, services.turn, services.limits, () => this.fail("TOO_SLOW", "reads too slowly"));
  }

  get clock(): Clock {
    return this.#services.clock;
  }

  /** Of the server that it came to. */
  get serverId(): string {
    return this.#services.serverId;
  }

  /** Bytes that the peer has not taken, here and in its socket. */
  get unsentBytes(): number {
    return this.outbox.queuedBytes + this.#transport.unsentBytes;
  }

  /** How it ended, or is about to end. */
  get ending(): Ending | undefined {
    return this.#ending ?? this.#closing;
  }

  /** Runs when the connection has ended; at once when it has already. */
  onEnd(listener: (ending: Ending) => void): void {
    if (this.#ending === undefined) this.#onEnd.push(listener);
    else listener(this.#ending);
  }

  /** Ends it in good order: what was sent before reaches the peer first. */
  close(code: number, reason: string): void {
    if (this.ending !== undefined) return;
    this.#closing = { code, reason };
    this.#closingAt = this.#services.clock.monotonic();
    this.#services.turn.flush();
    this.#hearClose();
    if (!this.outbox.blocked) this.#sayClose();
  }

  /** Ends it because of a fault or a limit, and reports that. What waits for a socket that takes nothing is given up. */
  fail(name: CloseName, reason: string): void {
    if (this.#ending !== undefined || this.#closing?.code === closeCodes[name]) return;
    const code = closeCodes[name];
    report("closed", { code, reason, userId: this.userId });
    this.#closing = { code, reason };
    this.#closingAt ??= this.#services.clock.monotonic();
    if (!this.outbox.blocked) this.#services.turn.flush();
    this.outbox.close();
    this.inbox.close(code, reason);
    this.#hearClose();
    this.#transport.close(code, reason);
  }

  /** Ends it now, without a word. */
  destroy(): void {
    this.#transport.destroy();
  }

  /** Tells the peer why a message of its was not taken. */
  tell(error: Omit<PeerError, "type">): void {
    if (this.onRefused !== undefined) return this.onRefused(error);
    this.outbox.send(toTextFrame(JSON.stringify({ type: "error", ...error })));
  }

  /** One look at its life; called at least each second. `now` is monotonic, `wallNow` the clock that tokens go by. */
  examine(now: number, wallNow: number): void {
    if (this.#closingAt !== undefined) {
      if (now - this.#closingAt >= this.#services.limits.closingMs) this.#transport.destroy();
      return;
    }
    if (this.expiresAt !== undefined && wallNow >= this.expiresAt) return this.fail("TOKEN_EXPIRED", "token ran out");
    const transport = this.#transport;
    const held = this.inbox.paused || this.outbox.blocked;
    const { unsentBytes, takenBytes, receivedBytes } = transport;
    switch (examine(this.pulse, { unsentBytes, takenBytes, receivedBytes, held }, now, this.#services.limits)) {
      case "ping":
        return this.outbox.send(pingFrame);
      case "no-pong":
        return this.fail("NO_PONG", "no answer to a ping");
      case "stalled":
        return this.fail("TOO_SLOW", "takes no byte");
      case "slow-message":
        return this.fail("PROTOCOL", "a message took too long");
      case "fine":
        return undefined;
    }
  }

  onText(text: string): void {
    this.#onMessage(text);
  }

  onBytes(bytes: Uint8Array): void {
    this.#onMessage(bytes);
  }

  onControl(bytes: number): void {
    const now = this.#services.clock.monotonic();
    this.pulse.lifeAt = now;
    // In one chunk with a message it has been counted there.
    this.pulse.framedBytes = Math.min(this.pulse.framedBytes + bytes, this.#transport.receivedBytes);
    const waitMs = this.#take(now);
    if (waitMs > 0) this.#refuse(now, undefined);
  }

  onDrain(): void {
    this.outbox.drained();
    if (this.#closing !== undefined && !this.outbox.blocked) this.#sayClose();
  }

  onClose(code: number, reason: string): void {
    const ending = this.#closing ?? { code, reason };
    this.#ending = ending;
    this.outbox.close();
    this.inbox.close(ending.code, ending.reason);
    for (const listener of this.#onEnd) listener(ending);
  }

  #onMessage(received: Received): void {
    if (this.ending !== undefined) return;
    const now = this.#services.clock.monotonic();
    this.pulse.lifeAt = now;
    this.pulse.framedBytes = this.#transport.receivedBytes;
    const waitMs = this.#take(now);
    if (waitMs > 0) this.#refuse(now, waitMs);
    else this.inbox.push(received);
  }

  #take(now: number): number {
    const { messagesPerConnection, messagesPerUser } = this.#services.limits;
    const waitMs = takeOne(this.#rate, messagesPerConnection, now);
    return waitMs > 0 || this.userRate === undefined ? waitMs : takeOne(this.userRate, messagesPerUser, now);
  }

  /** Too fast: the message is not taken. Who goes on for `floodMs` is cut off. */
  #refuse(now: number, retryAfterMs: number | undefined): void {
    if (now - this.#refusedAt > refusalEveryMs) this.#floodSince = now;
    this.#refusedAt = now;
    if (now - this.#floodSince >= this.#services.limits.floodMs) return this.fail("TOO_FAST", "sends too fast");
    if (retryAfterMs === undefined || now - this.#toldAt < refusalEveryMs) return;
    this.#toldAt = now;
    this.tell({ code: "TOO_MANY", message: "Messages come too fast; this one was not taken", retryAfterMs: Math.ceil(retryAfterMs) });
  }

  /** Messages are not taken any more, so that the peer's own close can be read behind them. */
  #hearClose(): void {
    if (this.inbox.paused) this.#transport.resume();
  }

  #sayClose(): void {
    const { code, reason } = this.#closing!;
    this.outbox.close();
    this.#transport.close(code, reason);
  }
}
