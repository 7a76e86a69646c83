import { defineSubscription, type Handling, type NexiosApp, type Subscription, systemClock } from "nexios";
import { inboxRoom } from "./contract.ts";
import { Dispatch } from "./dispatch.ts";
import { addEmail, type EmailOptions } from "./email-sender.ts";
import type { DigestedEntry, DueEntry, InboxEntry, SentChannel } from "./entry.ts";
import type { Inboxes } from "./notifications.ts";
import type { DigestTitle } from "./outgoing.ts";
import type { Sender } from "./sender.ts";
import { serveInbox } from "./serve-inbox.ts";

/** On which channels is sent, and how. A channel that is left out sends nothing. */
export interface SendingOptions {
  /** `createWebPush(...)` of `nexios/notifications/push`, or a sender of one's own. */
  readonly push?: Sender;
  /** How mail is sent, or a sender of one's own. */
  readonly email?: EmailOptions | Sender;
  /** A push that its provider does not take for so long has failed. 10 minutes unless given: what comes next to the same person waits for it. */
  readonly pushGiveUpMs?: number;
  /** The same of a mail. 4 hours unless given. */
  readonly emailGiveUpMs?: number;
  /** What a digest is called. `3 new: outbid` unless given. */
  readonly digestTitle?: DigestTitle;
  /** The app's, where it has one of its own. */
  readonly clock?: Pick<typeof systemClock, "now">;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** The end is by time: a try that was only asked to wait costs none. */
const mostTries = 100_000;
/** What is cut off may have been taken all the same: a server of mail may take its time. */
const tryMs: Readonly<Record<SentChannel, number>> = { push: 30_000, email: 300_000 };
/** People who are sent to at once, on each channel. */
const concurrency = 64;

/**
 * Sends what comes due in an app's inboxes: `addSending(app, inbox, { push, email })`. Each endpoint gets a delivery once; twice only where a process was killed, or a provider's
 * answer lost, between sending and noting it, and then under the same id. @throws TypeError for inboxes without an `endpointSecret`: nobody could be sent to
 */
export function addSending(app: NexiosApp, inboxes: Inboxes, options: SendingOptions): void {
  const { push, email, pushGiveUpMs = 10 * minuteMs, emailGiveUpMs = 240 * minuteMs, clock = systemClock } = options;
  if ((push !== undefined || email !== undefined) && !inboxes.takesEndpoints)
    throw new TypeError("addSending sends to endpoints, and without a secret there are none: give addInbox an endpointSecret of 32 characters or more");
  const { digestTitle = ({ category, count }) => `${count} new: ${category}` } = options;
  const add = (channel: SentChannel, sender: Sender, giveUpMs: number): void => {
    const stateOf = (userId: string) => app.room(inboxRoom, { userId }).state();
    const dispatch = new Dispatch({ channel, sender, giveUpMs, digestTitle, now: () => clock.now(), inboxes, stateOf });
    app.add(subscribe(channel, giveUpMs, (entry, handling) => dispatch.handle(entry, handling)));
  };
  if (push !== undefined) add("push", push, pushGiveUpMs);
  if (email !== undefined) add("email", "transport" in email ? addEmail(app, email) : email, emailGiveUpMs);
}

/** A subscription for each channel, so that none waits for another. */
function subscribe(channel: SentChannel, giveUpMs: number, handle: (entry: DueEntry | DigestedEntry, handling: Handling) => Promise<void>): Subscription {
  // Of the room only how its entries are read is needed.
  return defineSubscription(
    `notifications-${channel}`,
    serveInbox({ categories: {} }),
    (entry, handling) => (isTurn(entry) ? handle(entry, handling) : undefined),
    {
      filter: (entry) => isTurn(entry) && entry.channel === channel,
      concurrency,
      attempts: mostTries,
      giveUpMs: giveUpMs + dayMs,
      tryMs: tryMs[channel],
    },
  );
}

function isTurn(entry: InboxEntry): entry is DueEntry | DigestedEntry {
  return entry.kind === "due" || entry.kind === "digested";
}
