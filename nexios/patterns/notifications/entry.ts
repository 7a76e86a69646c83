import type { QuietHours } from "./quiet.ts";

/** Milliseconds since 1970. */
export type Moment = number;
export type Priority = "low" | "normal" | "high" | "critical";
/** Where somebody is told: on a page that is open, by Web Push, by e-mail. */
export type Channel = "live" | "push" | "email";
/** Channels on which something is sent. */
export type SentChannel = Exclude<Channel, "live">;
export type Choice = "on" | "off" | "digest";
/** What a critical notification has passed. */
export type Passed = "preference" | "digest" | "mute" | "quiet";
/** `gone`: the endpoint is no more, and is removed. `dropped`: not sent on purpose. */
export type DeliveryStatus = "sent" | "failed" | "gone" | "dropped";

/** What a notification says. */
export interface NotificationContent {
  readonly category: string;
  /** What it belongs to, such as a lot or a document: it can be muted. */
  readonly thread?: string;
  readonly title: string;
  readonly body?: string;
  readonly link?: string;
  /** `critical` passes preferences, mutes, digests and quiet hours. */
  readonly priority: Priority;
  /** It takes the place of an unread one with the same. */
  readonly collapseKey?: string;
  /** From then on it is neither counted nor sent. */
  readonly expiresAt?: Moment;
  /** Whatever the application needs of it, as JSON. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** When a channel's turn comes: at a moment, or in a digest, which is closed at `digestBy` if none is open yet. */
export type PlannedStep = { readonly channel: SentChannel; readonly at: Moment } | { readonly channel: SentChannel; readonly digestBy: Moment };

/** A channel of a notification. */
export interface StepName {
  readonly notification: string;
  readonly channel: SentChannel;
}

/** Somewhere to send to. What is secret of it is sealed: only the server can open it. */
export interface Endpoint {
  readonly id: string;
  readonly channel: SentChannel;
  /** What its owner knows it by, such as the name of a browser. */
  readonly label: string;
  readonly sealed: string;
  readonly at: Moment;
}

/** What came of one attempt to send. */
export interface Attempt {
  readonly endpoint: string;
  readonly status: DeliveryStatus;
  /** Which one of that endpoint, from 1. */
  readonly attempt: number;
  readonly providerId?: string;
  readonly error?: string;
  readonly at: Moment;
}

/** A channel's turn has come. Once for each notification and channel; what is sent goes under the delivery's id. */
export interface DueEntry extends StepName {
  readonly kind: "due";
  readonly delivery: string;
  /** What it has passed by being critical. */
  readonly passed?: readonly Passed[];
  readonly at: Moment;
}

/** A digest is closed. Each notification is in one at most. */
export interface DigestedEntry {
  readonly kind: "digested";
  readonly number: number;
  readonly category: string;
  readonly channel: SentChannel;
  readonly delivery: string;
  readonly notifications: readonly string[];
  /** How many more there were, which the inbox does not hold any more. */
  readonly more: number;
  readonly at: Moment;
}

/** A notification has come. Its id is its entry's count. */
export interface CreatedEntry {
  readonly kind: "created";
  readonly at: Moment;
  readonly content: NotificationContent;
  /** A page shall say so at once. */
  readonly announces: boolean;
  readonly steps: readonly PlannedStep[];
  readonly passed?: readonly Passed[];
  /** Whose place it takes. */
  readonly replaces?: string;
  /** A hash of its producer's key. */
  readonly key?: string;
  /** A hash of its content, where it has a key. */
  readonly contentHash?: string;
  /** How many of the oldest keys are known no more. */
  readonly keysGone?: number;
  /** What the inbox holds no more. */
  readonly forgets?: readonly string[];
}

/** Something that has happened in an inbox. */
export type InboxEntry =
  | CreatedEntry
  /** What came up to an entry is on a device, or was on a screen. */
  | { readonly kind: "received"; readonly upTo: number }
  | { readonly kind: "seen" | "readAll"; readonly upTo: number; readonly category?: string }
  | { readonly kind: "read" | "unread" | "archived" | "unarchived"; readonly ids: readonly string[] }
  /** `null`: back at once. */
  | { readonly kind: "snoozed"; readonly ids: readonly string[]; readonly until: Moment | null }
  /** Their time has come: back, on top. */
  | { readonly kind: "woken"; readonly ids: readonly string[]; readonly at: Moment }
  | { readonly kind: "expired"; readonly ids: readonly string[] }
  /** `until` is `null`: not muted. */
  | { readonly kind: "muted"; readonly thread: string; readonly until: Moment | null; readonly at: Moment }
  /** `choice` is `null`: as the server has it. */
  | { readonly kind: "preferred"; readonly category: string; readonly channel: Channel; readonly choice: Choice | null }
  | { readonly kind: "quiet"; readonly hours: QuietHours | null }
  | { readonly kind: "endpointAdded"; readonly endpoint: Endpoint }
  | { readonly kind: "endpointRemoved"; readonly id: string }
  | DueEntry
  | DigestedEntry
  /** It waits for the end of quiet hours. */
  | { readonly kind: "held"; readonly until: Moment; readonly steps: readonly StepName[]; readonly digests: readonly number[] }
  /** Quiet hours have begun between its turn and its sending: it comes due again when they end, under the same id. `digest`: that digest's number. */
  | { readonly kind: "postponed"; readonly delivery: string; readonly channel: SentChannel; readonly until: Moment; readonly digest?: number }
  /** There is nowhere to send it to, or nothing to send. */
  | { readonly kind: "lapsed"; readonly steps: readonly StepName[]; readonly digests: readonly number[] }
  /** What came of sending it; an endpoint that is gone is removed. */
  | { readonly kind: "delivered"; readonly delivery: string; readonly outcome: Attempt }
  /** All that was before is forgotten for good. */
  | { readonly kind: "erased"; readonly at: Moment };
