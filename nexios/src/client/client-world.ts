import type { Cancel, Clock } from "../world/clock.ts";

/** What a connection tells. Nothing comes after `onClose`. */
export interface ConnectionEvents {
  onOpen(): void;
  onMessage(message: string | Uint8Array): void;
  /** `code`: as a WebSocket's, 1006 for a line that was lost. */
  onClose(code: number, reason: string): void;
}

/** An open or opening connection. */
export interface ClientConnection {
  send(message: string | Uint8Array): void;
  /** Ends it; `onClose` may come late, or not at all. */
  close(): void;
}

/** What a client needs of where it runs: a browser, Node, or a simulation. */
export interface ClientWorld {
  readonly clock: Clock;
  /** From 0 to 1. */
  random(): number;
  connect(url: string, subprotocol: string, events: ConnectionEvents): ClientConnection;
  /** Inflates (RFC 1951). */
  inflate(bytes: Uint8Array): Promise<Uint8Array>;
  /** False if there is certainly no network. */
  isOnline(): boolean;
  /** Tells of signs that the machine or the page has woken, or has a network again. */
  onWake(wake: () => void): Cancel;
}
