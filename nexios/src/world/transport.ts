/** What a transport tells about its peer. Handlers never throw. */
export interface TransportEvents {
  onText(text: string): void;
  onBytes(bytes: Uint8Array): void;
  /** A ping or pong came: `bytes` is its size on the wire. */
  onControl(bytes: number): void;
  /** All bytes that were taken have left the process. */
  onDrain(): void;
  /** The last event: nothing is read or written any more. */
  onClose(code: number, reason: string): void;
}

/** One open WebSocket, without a queue of its own: what writes to it decides when, and how much. */
export interface Transport {
  /** Bytes that were written and have not left the process. */
  readonly unsentBytes: number;
  /** Bytes that the peer's side has taken since the start: when it stands still, the peer reads nothing. */
  readonly takenBytes: number;
  /** Bytes received since the start, frame headers included. */
  readonly receivedBytes: number;
  /** Writes whole frames. Never throws, never waits; after the end it does nothing. */
  write(frames: Uint8Array): void;
  /** Stops reading, so that the peer is slowed down by its own network. */
  pause(): void;
  resume(): void;
  /** Sends a close frame behind what was written, and waits for the peer's. */
  close(code: number, reason: string): void;
  /** Ends it now, without a word to the peer. */
  destroy(): void;
}
