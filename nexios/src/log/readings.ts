import type { Millis, Offset } from "./log.ts";
import type { Reading, ReadingStep } from "./reading.ts";

/** A named reader of logs. */
export interface Reader {
  readonly name: string;
  /** Of all logs whose names begin so. */
  readonly prefix: string;
  /** Where it begins, the first time that it is known: behind what is there now, or with what came at a time or later. */
  readonly from: "now" | Millis;
  /** Logs of which this holds in place of `from`, the first time that it is known: behind an offset, or behind what is there where that is less. Only with `now` and 0. */
  readonly after?: ReadonlyMap<string, Offset>;
}

/** An entry that a subscription has given up. */
export interface DeadLetter {
  readonly id: number;
  readonly subscription: string;
  readonly log: string;
  readonly offset: Offset;
  /** When it was given up, in milliseconds since 1970. */
  readonly at: Millis;
  /** How often it was tried, with those that somebody has asked for after it was given up. */
  readonly attempts: number;
  /** What it has failed by the last time. */
  readonly error: string;
}

/** How far a subscription is behind. */
export interface Lag {
  /** Entries that wait for it, in so many logs. */
  readonly entries: number;
  readonly logs: number;
  /** When the oldest of them was appended; absent when none waits, or it is packed. */
  readonly oldestAt?: Millis;
  /** Logs of which the next entry has failed, and will be tried again. */
  readonly failing: number;
  readonly deadLetters: number;
}

/**
 * How far subscriptions have come in the logs of a store. What it answers is committed. All methods reject with NexiosError UNAVAILABLE when the store can't be had.
 */
export interface Readings {
  /** Makes a subscription known, and says from which time on entries are for it. */
  register(reader: Reader): Promise<{ readonly since: Millis }>;
  /** `undefined` where nothing was done yet. */
  reading(subscription: string, log: string): Promise<Reading | undefined>;
  /** Does a step, as one write; `undefined` when it may not be done. */
  step(subscription: string, log: string, step: ReadingStep): Promise<Reading | undefined>;
  /** Logs that have something for a subscription, and on which nobody works: in the order of their names, those after one. */
  behind(reader: Pick<Reader, "name" | "prefix">, now: Millis, after: string, limit: number): Promise<readonly string[]>;
  /** Logs on which somebody may work now though nothing came: a retry is due, or a lease has run out. */
  due(subscription: string, now: Millis, limit: number): Promise<readonly string[]>;
  /** The furthest offset of a log that all of these subscriptions have passed: of one that is not known there 0, of none Infinity. */
  passed(log: string, subscriptions: readonly string[]): Promise<Offset>;
  /** Logs of a prefix whose first kept entry was appended before a time: in the order of their names, those after one. Those that hold packs may be left out. */
  beginningBefore(prefix: string, before: Millis, after: string, limit: number): Promise<readonly string[]>;
  lag(reader: Pick<Reader, "name" | "prefix">): Promise<Lag>;
  /** The newest first, those before an id. */
  deadLetters(subscription: string, before: number, limit: number): Promise<readonly DeadLetter[]>;
  deadLetter(id: number): Promise<DeadLetter | undefined>;
  /** The subscriptions that have dead letters, whether or not somebody still reads for them. */
  letterOwners(): Promise<readonly string[]>;
  /** Takes one away. */
  forgetLetter(id: number): Promise<void>;
  /** Takes away those of a subscription that were given up before a time. */
  forgetLettersBefore(subscription: string, at: Millis): Promise<void>;
}
