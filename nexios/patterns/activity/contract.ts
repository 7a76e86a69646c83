import { defineRoom, type } from "nexios/contract";
import type { ActivityBatch, BatchAnswer } from "./event.ts";
import { evolveView, noView } from "./state.ts";

/** How many people there were; an estimate, to be shown with "~", when they are more than are told apart. */
export interface PeopleCount {
  readonly count: number;
  readonly isExact: boolean;
}

/** A name with how often it was there. */
export interface Ranked {
  readonly label: string;
  readonly count: number;
}

/** Of the last 5 and of the last 30 minutes, at most ten each. */
export interface Rankings {
  readonly last5: readonly Ranked[];
  readonly last30: readonly Ranked[];
}

/** An event of the live list, without its properties. */
export interface LiveEvent {
  readonly id: string;
  readonly at: number;
  readonly type: string;
  readonly path?: string;
  readonly visitor?: string;
}

/** What a page shows of the recent past. */
export interface ActivityView {
  /** When it was so, in milliseconds since 1970. */
  readonly at: number;
  /** Distinct visitors with an event in the last five minutes. */
  readonly active: PeopleCount;
  /** Sessions that go on: distinct visitors with an event in the last half hour. */
  readonly sessions: PeopleCount;
  /** Events of each of the last 30 minutes, oldest first; the last is the minute of `at`, which is not over. */
  readonly minutes: readonly number[];
  readonly pages: Rankings;
  readonly types: Rankings;
  /** The newest 50 events, oldest first. */
  readonly latest: readonly LiveEvent[];
  /** Which of several processes that share a store has told it, and when: while it tells, others do not. */
  readonly teller?: { readonly id: string; readonly at: number };
}

/** The next view: of the live list what is new. */
export interface ViewEntry extends Omit<ActivityView, "latest"> {
  readonly kind: "seen";
  readonly added: readonly LiveEvent[];
  /** The clock has gone back: the live list is what is added. */
  readonly isAnew?: true;
}

/** What is going on at a site: `activity/{site}`, for those who may see it. One entry a second at most, however many events come. */
export const activityRoom = defineRoom("activity/{site}", {
  log: "volatile",
  entry: type<ViewEntry>(),
  state: type<ActivityView>(),
  calls: {
    /** The server's own. */
    tell: { input: type<ViewEntry>(), refusals: { FORBIDDEN: type<undefined>() } },
  },
}).fold(noView, evolveView);

/** The way of events over an open connection: `track/{site}`. Nothing is to be seen there. */
export const trackRoom = defineRoom("track/{site}", {
  log: "volatile",
  entry: type<{ readonly kind: "none" }>(),
  state: type<null>(),
  calls: {
    /** The same as `POST /activity`. */
    track: { input: type<ActivityBatch>(), result: type<BatchAnswer>() },
  },
}).fold(null, (nothing: null) => nothing);

export type ActivityRoom = typeof activityRoom;
export type TrackRoom = typeof trackRoom;
