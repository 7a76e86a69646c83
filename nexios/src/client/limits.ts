/** Every bound of a client. */
export interface ClientLimits {
  /** How long a call or a question waits for its outcome, unless it says otherwise. */
  readonly deadlineMs: number;
  /** Calls and questions that are not settled, over all rooms; and the bytes of their inputs as JSON. Past either a new one fails with LIMIT. */
  readonly pendingCalls: number;
  readonly pendingBytes: number;
  /** The wait before another try is drawn from 0 to this, doubled with each failure, up to the longest. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
  /** A connection that held so long was a good one: the next wait is short again. */
  readonly steadyMs: number;
  /** How long a connection may take until the server's welcome. */
  readonly connectMs: number;
  /** Between two pings; how long an answer may take, and how long after a sign of waking. */
  readonly pingMs: number;
  readonly pongMs: number;
  readonly wakePongMs: number;
  /** Frames are gathered into messages that leave no closer together than this on the whole. */
  readonly gatherMs: number;
  /** What may leave in so much time may leave at once. */
  readonly burstMs: number;
  /** Changes of one's presence are sent no closer together than this, the newest for certain. */
  readonly presenceMs: number;
  /** A room that nobody holds any more is left so much later. */
  readonly lingerMs: number;
  /** Rooms that were left whose state is kept, for a quick return. */
  readonly keptRooms: number;
  /** A token is renewed so long before it runs out; sooner if it lives shorter. */
  readonly renewMs: number;
  /** The largest state that is inflated, in bytes. */
  readonly stateBytes: number;
}

export const defaultClientLimits: ClientLimits = {
  deadlineMs: 30_000,
  pendingCalls: 1_000,
  pendingBytes: 1_048_576,
  retryMs: 500,
  longestRetryMs: 20_000,
  steadyMs: 10_000,
  connectMs: 10_000,
  pingMs: 10_000,
  pongMs: 8_000,
  wakePongMs: 2_000,
  gatherMs: 25,
  burstMs: 1_000,
  presenceMs: 100,
  lingerMs: 1_000,
  keptRooms: 64,
  renewMs: 30_000,
  stateBytes: 67_108_864,
};
