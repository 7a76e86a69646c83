/** So many in a second on average, and so many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Every limit of the server. `Infinity` lifts one. What happens past each stands in `docs/promises.md`. */
export interface Limits {
  /** A message, in bytes. Past it the connection is closed with 1009. */
  readonly messageBytes: number;
  /** The message that carries a token, in bytes. */
  readonly firstMessageBytes: number;
  /** The message with a hello, in bytes. Past it the connection is closed with 1009. */
  readonly helloBytes: number;
  /** Frames in one message of a client of rooms. */
  readonly messageFrames: number;
  /** Fragments of one message. */
  readonly messageFragments: number;
  /** Bytes in a socket that the peer has not taken; past it nothing more is written to it. */
  readonly unsentBytes: number;
  /** Bytes that wait for a socket that takes no more; past it a group's policy holds, and a direct send closes with 4513. */
  readonly queuedBytes: number;
  /** Bytes that may be joined into one write; past it they leave before the turn ends. */
  readonly turnBytes: number;
  /** Messages, and their bytes, that a handler has not read; past either the socket is paused. */
  readonly unreadMessages: number;
  readonly unreadBytes: number;
  /** Depth of a JSON message, and its keys and items. */
  readonly jsonDepth: number;
  readonly jsonKeys: number;
  /** Connections of the process, of a user (the oldest is closed with 4409) and of an address (an IPv6 one by its /64). */
  readonly connections: number;
  readonly connectionsPerUser: number;
  readonly connectionsPerAddress: number;
  readonly connectsPerAddress: Rate;
  readonly messagesPerConnection: Rate;
  readonly messagesPerUser: Rate;
  /** How long one may send too fast before it is closed with 4529. */
  readonly floodMs: number;
  /** How long the head of a request may take, and a whole request with its body. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** The body of an HTTP request, in bytes. */
  readonly bodyBytes: number;
  /** How long the message that carries a token may take, and any message from its first byte to its last. */
  readonly firstMessageMs: number;
  readonly messageMs: number;
  readonly pingMs: number;
  readonly pongMs: number;
  /** How long a socket with unsent bytes may take none of them. */
  readonly stalledMs: number;
  /** How long a peer may take to answer a close. */
  readonly closingMs: number;
  /** New connections are refused while the event loop's delay (p99) stays above `loopDelayMs` for `overloadMs`, or the heap above this part of its limit. */
  readonly loopDelayMs: number;
  readonly overloadMs: number;
  readonly heapFraction: number;
  /** Groups of a channel box, and groups of one connection. */
  readonly groups: number;
  readonly groupsPerConnection: number;
}

/** The limits unless an option says otherwise. */
export const defaultLimits: Limits = {
  messageBytes: 65_536,
  firstMessageBytes: 4_096,
  helloBytes: 32_768,
  messageFrames: 256,
  messageFragments: 256,
  unsentBytes: 65_536,
  queuedBytes: 1_048_576,
  turnBytes: 262_144,
  unreadMessages: 64,
  unreadBytes: 262_144,
  jsonDepth: 32,
  jsonKeys: 10_000,
  connections: 10_000,
  connectionsPerUser: 10,
  connectionsPerAddress: 200,
  connectsPerAddress: { perSecond: 20, burst: 200 },
  messagesPerConnection: { perSecond: 50, burst: 100 },
  messagesPerUser: { perSecond: 200, burst: 400 },
  floodMs: 3_000,
  headersMs: 5_000,
  requestMs: 30_000,
  bodyBytes: 1_048_576,
  firstMessageMs: 5_000,
  messageMs: 30_000,
  pingMs: 15_000,
  pongMs: 8_000,
  stalledMs: 90_000,
  closingMs: 3_000,
  loopDelayMs: 200,
  overloadMs: 2_000,
  heapFraction: 0.8,
  groups: 100_000,
  groupsPerConnection: 64,
};

/** @throws TypeError when a limit is unknown or not a positive number. */
export function toLimits(given: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in defaultLimits)) throw new TypeError(`There is no limit "${name}": the limits are ${Object.keys(defaultLimits).join(", ")}`);
    const isRate = typeof defaultLimits[name as keyof Limits] === "object";
    if (isRate !== (typeof value === "object")) throw new TypeError(`The limit "${name}" must be ${isRate ? "{ perSecond, burst }" : "a number"}`);
    const numbers = typeof value === "number" ? [value] : [value.perSecond, value.burst];
    if (!numbers.every((number) => number > 0)) throw new TypeError(`The limit "${name}" must be above 0`);
    if (typeof value !== "number" && value.burst < 1) throw new TypeError(`The limit "${name}" lets nothing in: its burst must be at least 1`);
  }
  return { ...defaultLimits, ...given };
}
