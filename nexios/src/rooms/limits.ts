import { type CallRules, defaultCallRules } from "./commit.ts";
import type { PaceRate } from "./pace.ts";
import { defaultHistoryRules, type HistoryRules } from "./history-rules.ts";
import { defaultQueueLimits, type QueueLimits } from "./room-queue.ts";
import { defaultPresenceLimits, type PresenceLimits } from "./room-presence.ts";

/** What rooms may hold and take, on one process. */
export interface RoomLimits {
  readonly calls: CallRules;
  readonly queue: QueueLimits;
  readonly history: HistoryRules;
  readonly presence: PresenceLimits;
  /** A member's presence. */
  readonly presenceBytes: number;
  /** Rooms that one connection may be in: past it a join fails with LIMIT. */
  readonly roomsPerConnection: number;
  /** Joins of one connection and of the process; past either each is told its own moment to come again, up to `joinAheadMs` ahead. */
  readonly joinRate: PaceRate;
  readonly processJoinRate: PaceRate;
  readonly joinAheadMs: number;
  /** Calls of one connection, past which they fail with TOO_MANY; and its signals, past which they are dropped. */
  readonly callRate: PaceRate;
  readonly signalRate: PaceRate;
  /** A member whose connection holds more is not written to: it reads on from the log when its socket has taken everything. */
  readonly unsentBytes: number;
  /** A signal is dropped for a member whose connection holds more. */
  readonly signalUnsentBytes: number;
  /** Recent entries, with their frames, that a process keeps for readers. */
  readonly recentBytes: number;
  /** Reads of logs for readers that are under way at once. */
  readonly reads: number;
  /** A snapshot travels in parts of so many bytes. */
  readonly snapshotPartBytes: number;
  /** Entries of one page of history. */
  readonly pageEntries: number;
  /** A room's state is held for so long after its last use, and a room that nobody uses is forgotten. */
  readonly idleMs: number;
  /** All states that a process holds; past it the one that was used longest ago goes first. */
  readonly stateBytes: number;
  /** A hole waits so long for its message before the log is read. */
  readonly holeMs: number;
  /** Between two looks at the heads that have changed, and at all of them. */
  readonly lookMs: number;
  readonly compareMs: number;
  /** How far a process's time may be from the store's: past it rooms are not woken here, and what arrives about their hour is not decided. */
  readonly timeBoundMs: number;
  /** A look begins so much earlier than the last one ended. */
  readonly overlapMs: number;
}

export const defaultRoomLimits: RoomLimits = {
  calls: defaultCallRules,
  queue: defaultQueueLimits,
  history: defaultHistoryRules,
  presence: defaultPresenceLimits,
  presenceBytes: 1_024,
  roomsPerConnection: 64,
  joinRate: { perSecond: 10, burst: 64 },
  processJoinRate: { perSecond: 500, burst: 500 },
  joinAheadMs: 60_000,
  callRate: { perSecond: 100, burst: 200 },
  signalRate: { perSecond: 100, burst: 200 },
  unsentBytes: 65_536,
  signalUnsentBytes: 16_384,
  recentBytes: 67_108_864,
  reads: 8,
  snapshotPartBytes: 65_536,
  pageEntries: 256,
  idleMs: 60_000,
  stateBytes: 268_435_456,
  holeMs: 20,
  lookMs: 1_000,
  compareMs: 60_000,
  timeBoundMs: 100,
  overlapMs: 5_000,
};

type Group = Readonly<Record<string, number | readonly number[]>>;

/** Any of the rooms' limits; of a group, any of its members. `Infinity` lifts one. */
export type RoomLimitsOptions = { readonly [Name in keyof RoomLimits]?: RoomLimits[Name] extends number ? number : Partial<RoomLimits[Name]> };

/** The limits with those that are given. @throws TypeError for a name that is none, and for a value that is no number from 0. */
export function toRoomLimits(given: RoomLimitsOptions): RoomLimits {
  const limits = new Map<string, number | Group>(Object.entries(defaultRoomLimits));
  for (const [name, value] of Object.entries(given)) {
    const standard = limits.get(name);
    if (standard === undefined) throw new TypeError(`There is no limit of rooms called "${name}"`);
    limits.set(name, typeof standard === "number" ? requireNumber(name, value) : mergeGroup(name, standard, value));
  }
  // Of the same names and kinds of values as the defaults.
  return Object.fromEntries(limits) as unknown as RoomLimits;
}

function mergeGroup(name: string, standard: Group, given: unknown): Group {
  if (typeof given !== "object" || given === null) throw new TypeError(`The rooms' limit "${name}" is a group of limits`);
  for (const [member, value] of Object.entries(given)) {
    if (!Object.hasOwn(standard, member)) throw new TypeError(`There is no limit of rooms called "${name}.${member}"`);
    for (const number of Array.isArray(value) ? value : [value]) requireNumber(`${name}.${member}`, number);
  }
  return { ...standard, ...given };
}

function requireNumber(name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new TypeError(`The rooms' limit "${name}" must be a number from 0, not ${String(value)}`);
}
