import { defineRoom, type } from "nexios/contract";
import type { AlertEntry } from "./alert.ts";
import type { AlertsEntry } from "./entry.ts";
import type { Matcher } from "./matcher.ts";
import type { Moment } from "./rule.ts";
import { type AlertsState, emptyAlerts, evolveAlerts } from "./state.ts";

/** What one evaluation has changed. */
export interface EvaluationChanges {
  readonly at: Moment;
  /** How many evaluations the state had that it was made on: where there are more, another process has been here. */
  readonly evaluations: number;
  readonly entries: readonly AlertEntry[];
  /** The clock has gone back, and what the state knows is of later times. */
  readonly isTurnedBack?: true;
}

/** A silence as it is asked for; from now on unless `from` is given. */
export interface NewSilence {
  readonly matchers: readonly Matcher[];
  readonly from?: Moment;
  readonly until: Moment;
  readonly why: string;
}

const forbidden = { FORBIDDEN: type<undefined>() };

/** The alerts of a set of rules: `alerts/{name}`. Whoever may watch it sees all of them; the application says who may act on them. */
export const alertsRoom = defineRoom("alerts/{name}", {
  log: "durable",
  entry: type<AlertsEntry>(),
  state: type<AlertsState>(),
  calls: {
    /** Says that one is on it: it is not told again until it has ended, or fires again worse. Who was first stays. */
    acknowledge: {
      input: type<{ readonly id: number }>(),
      result: type<{ readonly by: { readonly id: string; readonly name: string } }>(),
      refusals: { ...forbidden, NOT_FIRING: type<undefined>() },
    },
    /** Ends an alert that has no value, such as one of a machine that is gone for good: no value would ever end it. It comes again if its condition is met again. */
    dismiss: { input: type<{ readonly id: number }>(), refusals: { ...forbidden, NOT_FIRING: type<undefined>(), HAS_DATA: type<undefined>() } },
    /** Nobody is told of alerts that fit all matchers. */
    silence: {
      input: type<NewSilence>(),
      result: type<{ readonly id: number }>(),
      refusals: { ...forbidden, PAST: type<undefined>(), TOO_FAR: type<{ readonly latest: Moment }>(), TOO_MANY_SILENCES: type<{ readonly limit: number }>() },
    },
    /** Takes a silence back; one that is over changes nothing. */
    unsilence: { input: type<{ readonly id: number }>(), refusals: forbidden },
    /** The server's own: appended where no other evaluation came in between. `leftOut`: alerts that there was no room for. */
    evaluated: {
      input: type<EvaluationChanges>(),
      result: type<{ readonly leftOut: number }>(),
      refusals: { ...forbidden, STALE: type<undefined>() },
    },
  },
}).fold(emptyAlerts, evolveAlerts);

export type AlertsRoom = typeof alertsRoom;
