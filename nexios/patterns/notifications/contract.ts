import { defineRoom, type } from "nexios/contract";
import type { Channel, Choice, DeliveryStatus, InboxEntry, Moment, NotificationContent } from "./entry.ts";
import type { QuietHours } from "./quiet.ts";
import { emptyInbox, evolveInbox, type Inbox } from "./state.ts";

/** A notification as its producer gives it; `normal` unless its priority is given. */
export interface NewNotification extends Omit<NotificationContent, "priority"> {
  readonly priority?: NotificationContent["priority"];
  /** Who makes it, and under which key: once for at least thirty days. Both or neither. */
  readonly producer?: string;
  readonly idempotencyKey?: string;
}

/** Somewhere to send to, with what is secret of it. */
export type NewEndpoint =
  | { readonly channel: "push"; readonly label: string; readonly subscription: PushSubscription }
  | { readonly channel: "email"; readonly label: string; readonly address: string };

/** As a browser's `PushSubscription.toJSON()` gives it. */
export interface PushSubscription {
  readonly endpoint: string;
  readonly expirationTime?: number | null;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** What came of sending a delivery to an endpoint. */
export interface DeliveryReport {
  readonly delivery: string;
  readonly endpoint: string;
  readonly status: DeliveryStatus;
  /** From 1. */
  readonly attempt: number;
  readonly providerId?: string;
  readonly error?: string;
}

const forbidden = { FORBIDDEN: type<undefined>() };
const ids = { input: type<{ readonly ids: readonly string[] }>() };
const upTo = { input: type<{ readonly upTo: number; readonly category?: string }>() };
const times = { PAST: type<undefined>(), TOO_FAR: type<{ readonly latest: Moment }>() };
const category = { UNKNOWN_CATEGORY: type<{ readonly category: string }>() };

/** A person's notifications: `inbox/{userId}`. Only he is in it, with as many devices as he likes; the server writes into it. */
export const inboxRoom = defineRoom("inbox/{userId}", {
  log: "durable",
  entry: type<InboxEntry>(),
  state: type<Inbox>(),
  calls: {
    /** The server's own. `isNew` is false where the key is known: then `id` is that of the first one, which may be gone, and `isOther` says that it was not the same. */
    create: {
      input: type<NewNotification>(),
      result: type<{ readonly id: string; readonly isNew: boolean; readonly isOther?: boolean }>(),
      refusals: { ...forbidden, ...category, EXPIRED_BEFORE: type<{ readonly expiresAt: Moment }>() },
    },
    /** A device has all up to that position: `top` of the state that it has. One beyond the end marks nothing, here and below. */
    received: { input: type<{ readonly upTo: number }>() },
    /** All up to that position was on a screen. */
    seen: upTo,
    /** All up to that position is read: what came after the reader looked stays as it is. */
    readAll: upTo,
    read: ids,
    unread: ids,
    archive: ids,
    unarchive: ids,
    /** Away until then, and back on top, unseen and unread; `null`: back at once, where it was. */
    snooze: { input: type<{ readonly ids: readonly string[]; readonly until: Moment | null }>(), refusals: times },
    /** Of this thread nothing is told before then; `null`: told again. It is in the list all the same. */
    mute: {
      input: type<{ readonly thread: string; readonly until: Moment | null }>(),
      refusals: { ...times, TOO_MANY_MUTES: type<{ readonly limit: number }>() },
    },
    /** What is sent where; `null`: as the server has it. `live` has no digest. */
    prefer: { input: type<{ readonly category: string; readonly channel: Channel; readonly choice: Choice | null }>(), refusals: category },
    quiet: { input: type<{ readonly hours: QuietHours | null }>() },
    /** The same one again has the same id. An address of e-mail is the server's to add: it knows whose it is. */
    addEndpoint: {
      input: type<NewEndpoint>(),
      result: type<{ readonly id: string }>(),
      refusals: { ...forbidden, NOT_SERVED: type<undefined>(), TOO_MANY_ENDPOINTS: type<{ readonly limit: number }>() },
    },
    removeEndpoint: { input: type<{ readonly id: string }>() },
    /** The server's own: what came of sending. The same report again changes nothing. */
    delivered: { input: type<DeliveryReport>(), refusals: { ...forbidden, UNKNOWN_DELIVERY: type<undefined>() } },
    /** The server's own: it is quiet now, so that a delivery comes due again when it is not. Again it changes nothing. */
    postpone: {
      input: type<{ readonly delivery: string }>(),
      refusals: { ...forbidden, UNKNOWN_DELIVERY: type<undefined>(), NOT_QUIET: type<undefined>() },
    },
    /** The server's own: all is forgotten for good, choices, endpoints and keys too. */
    erase: { refusals: forbidden },
  },
}).fold(emptyInbox, evolveInbox);

export type InboxRoom = typeof inboxRoom;
