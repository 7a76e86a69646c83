import { accept, type Accepted, refuse, type Refused, type ServedRoom } from "nexios/contract";
import { type MemberEntry, toChange } from "./changes.ts";
import { inboxRoom, type InboxRoom } from "./contract.ts";
import { decideCreate } from "./create.ts";
import { decideDelivered } from "./delivered.ts";
import { defaultDeliveryTimes, defaultsOf, type DeliveryRules } from "./delivery-rules.ts";
import { EndpointSeal } from "./endpoint-seal.ts";
import type { InboxEntry, Moment } from "./entry.ts";
import { hashOfContent, hashOfKey } from "./hashes.ts";
import { inboxInputs } from "./input.ts";
import { defaultInboxLimits, type InboxLimits } from "./limits.ts";
import { decidePostpone } from "./postpone.ts";
import type { QuietHours } from "./quiet.ts";
import type { Inbox } from "./state.ts";
import { inboxWakeAt, wakeInbox } from "./wake.ts";

/** What an application decides of its inboxes. */
export interface InboxOptions extends Pick<DeliveryRules, "categories">, Partial<Omit<DeliveryRules, "categories">> {
  /** Seals endpoints, so that only the server can read them: 32 characters or more. Without it there are none, and nothing is pushed. Another one makes what was sealed unreadable. */
  readonly endpointSecret?: string;
  readonly limits?: Partial<InboxLimits>;
}

const serverId = "nexios";
const trimEvery = 1_000;

/** The server's half of inboxes: `app.add(serveInbox({ categories: { outbid: {} } }))`. `addInbox` gives calls of one's own too. */
export function serveInbox({ endpointSecret, limits: some = {}, ...rules }: InboxOptions): ServedRoom<InboxRoom, InboxEntry, Inbox> {
  const limits = { ...defaultInboxLimits, ...some };
  const delivery: DeliveryRules = { ...defaultDeliveryTimes, ...rules };
  const seal = endpointSecret === undefined ? undefined : new EndpointSeal(endpointSecret);
  const findTimeFault = (until: Moment, now: Moment): Refused<{ PAST: undefined; TOO_FAR: { latest: Moment } }> | undefined => {
    if (until <= now) return refuse("PAST");
    const latest = now + limits.aheadMs;
    return until > latest ? refuse("TOO_FAR", { latest }) : undefined;
  };
  return inboxRoom.serve({
    keepsAll: true,
    keepsFrom: ({ count, erasedAt }) => Math.max(1, erasedAt, Math.floor((count - limits.keepEntries) / trimEvery) * trimEvery),
    authorize: (user, { userId }) => user.id === userId,
    input: inboxInputs(limits),
    // Both are high-water marks: made again on whatever state they come to the same.
    idempotent: ["received", "seen"],
    prepare: { addEndpoint: (endpoint, { params }) => seal?.seal(params.userId, endpoint) },
    decide: {
      create(state, { producer, idempotencyKey, priority = "normal", ...rest }, { user, receivedAt: at }) {
        if (user.id !== serverId) return refuse("FORBIDDEN");
        const content = { ...rest, priority };
        const isKeyed = producer !== undefined && idempotencyKey !== undefined;
        const once = isKeyed ? { key: hashOfKey(producer, idempotencyKey), contentHash: hashOfContent(content) } : undefined;
        return decideCreate(state, { content, once, at, rules: delivery, limits });
      },
      received: (state, { upTo }) => changed(state, { kind: "received", upTo }),
      seen: (state, input) => changed(state, { kind: "seen", ...input }),
      readAll: (state, input) => changed(state, { kind: "readAll", ...input }),
      read: (state, { ids }) => changed(state, { kind: "read", ids }),
      unread: (state, { ids }) => changed(state, { kind: "unread", ids }),
      archive: (state, { ids }) => changed(state, { kind: "archived", ids }),
      unarchive: (state, { ids }) => changed(state, { kind: "unarchived", ids }),
      snooze(state, { ids, until }, { receivedAt }) {
        const fault = until === null ? undefined : findTimeFault(until, receivedAt);
        return fault ?? changed(state, { kind: "snoozed", ids, until });
      },
      mute({ mutes }, { thread, until }, { receivedAt: at }) {
        const fault = until === null ? undefined : findTimeFault(until, at);
        if (fault !== undefined) return fault;
        const others = mutes.filter((mute) => mute.thread !== thread && mute.until > at);
        if (until !== null && others.length >= limits.mutes) return refuse("TOO_MANY_MUTES", { limit: limits.mutes });
        const isKnown = until === null && !mutes.some((mute) => mute.thread === thread);
        return accept(isKnown ? [] : { kind: "muted", thread, until, at });
      },
      prefer({ preferences }, { category, channel, choice }) {
        const known = preferences.find((row) => row.category === category && row.channel === channel)?.choice ?? null;
        // A choice for a category that is no more can still be taken back.
        if (defaultsOf(delivery, category) === undefined && choice !== null) return refuse("UNKNOWN_CATEGORY", { category });
        return accept(known === choice ? [] : { kind: "preferred", category, channel, choice });
      },
      quiet: ({ quiet }, { hours }) => accept(isSameHours(quiet, hours) ? [] : { kind: "quiet", hours }),
      addEndpoint({ endpoints }, { channel, label }, { user, receivedAt, prepared }) {
        // Else anybody could have mail sent to anybody.
        if (channel === "email" && user.id !== serverId) return refuse("FORBIDDEN");
        if (prepared === undefined) return refuse("NOT_SERVED");
        if (endpoints.some(({ id }) => id === prepared.id)) return accept([], { id: prepared.id });
        if (endpoints.length >= limits.endpoints) return refuse("TOO_MANY_ENDPOINTS", { limit: limits.endpoints });
        return accept({ kind: "endpointAdded", endpoint: { ...prepared, channel, label, at: receivedAt } }, { id: prepared.id });
      },
      removeEndpoint: ({ endpoints }, { id }) => accept(endpoints.some((endpoint) => endpoint.id === id) ? { kind: "endpointRemoved", id } : []),
      delivered: (state, report, { user, receivedAt }) => (user.id === serverId ? decideDelivered(state, report, receivedAt) : refuse("FORBIDDEN")),
      postpone: (state, { delivery: id }, { user, receivedAt }) => (user.id === serverId ? decidePostpone(state, id, receivedAt) : refuse("FORBIDDEN")),
      erase: (_state, _input, { user, receivedAt }) => (user.id === serverId ? accept({ kind: "erased", at: receivedAt }) : refuse("FORBIDDEN")),
    },
    wakeAt: inboxWakeAt,
    wake: (state, { now }) => accept([...wakeInbox(state, now)]),
  });
}

function changed(state: Inbox, entry: MemberEntry): Accepted<InboxEntry, undefined> {
  return accept([...toChange(state, entry)]);
}

function isSameHours(known: QuietHours | undefined, hours: QuietHours | null): boolean {
  return known?.from === hours?.from && known?.to === hours?.to && known?.zone === hours?.zone;
}
