import type { AlertEntry } from "./alert.ts";
import type { Labels } from "./labels.ts";
import type { Matcher } from "./matcher.ts";
import type { Moment } from "./rule.ts";

/** Who has done something. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Alerts of which nobody is told from a time until another. */
export interface Silence {
  readonly id: number;
  readonly matchers: readonly Matcher[];
  readonly from: Moment;
  readonly until: Moment;
  readonly by: Person;
  readonly why: string;
}

/** An alert as a notice says it. */
export interface NoticeAlert {
  readonly id: number;
  readonly rule: string;
  readonly labels: Labels;
  readonly since: Moment;
  readonly value: number | null;
}

/** What is told of a group of alerts at once. */
export interface Notice {
  /** The same however often it is delivered. */
  readonly id: string;
  /** The group: the values of the labels that it is made by. */
  readonly group: string;
  readonly labels: Labels;
  readonly at: Moment;
  /** Nothing is new: it is told again. */
  readonly isRepeat: boolean;
  /** All of the group that fire; the first of them, and how many there are. */
  readonly firing: readonly NoticeAlert[];
  readonly firingCount: number;
  /** Those that have ended, of which a notice had told that they fire; the first of them, and how many there are. */
  readonly resolved: readonly NoticeAlert[];
  readonly resolvedCount: number;
}

/** A group has been told of. */
export interface NotifiedEntry {
  readonly kind: "notified";
  readonly at: Moment;
  readonly notice: Notice;
  /** Ids of all alerts that it says to be firing, and of all that it says to be resolved. */
  readonly told: readonly number[];
  readonly ended: readonly number[];
}

/** Something that has happened among alerts. */
export type AlertsEntry =
  | AlertEntry
  | NotifiedEntry
  | { readonly kind: "acknowledged"; readonly at: Moment; readonly id: number; readonly by: Person }
  /** Somebody has ended an alert that no value could end. */
  | { readonly kind: "dismissed"; readonly at: Moment; readonly id: number; readonly by: Person }
  | { readonly kind: "silenced"; readonly at: Moment; readonly silence: Silence }
  | { readonly kind: "unsilenced"; readonly at: Moment; readonly id: number; readonly by: Person }
  /** Evaluations are at work, and something is pending. */
  | { readonly kind: "alive"; readonly at: Moment }
  /** The clock has gone back to this: what is known moves back with it. Silences stay as they were asked for. */
  | { readonly kind: "turnedBack"; readonly at: Moment }
  /** The time of a notice had come, and nobody was to be told. */
  | { readonly kind: "looked"; readonly at: Moment };
