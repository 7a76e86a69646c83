import { toldBefore } from "./collapse-gap.ts";
import { adjustCounts, type InboxCounts, noCounts } from "./counts.ts";
import { type Delivery, withAttempt, withDelivery } from "./deliveries.ts";
import type { Channel, Choice, Endpoint, InboxEntry, Moment, SentChannel } from "./entry.ts";
import { dayOf, type KeyRow, knownSince } from "./keys.ts";
import { evolveNotification, type Notification, type Step } from "./notification.ts";
import type { QuietHours } from "./quiet.ts";

/** A digest that is still open. */
export interface OpenDigest {
  readonly number: number;
  readonly category: string;
  readonly channel: SentChannel;
  readonly closesAt: Moment;
  readonly heldUntil?: Moment;
  /** Its notifications that the inbox holds no more. */
  readonly more: number;
}

/** A digest that was closed. */
export interface ClosedDigest extends Delivery {
  readonly number: number;
  readonly category: string;
  readonly notifications: number;
  /** Of them, those that the inbox did not hold any more. */
  readonly more: number;
}

/** What somebody has chosen. */
export interface Preference {
  readonly category: string;
  readonly channel: Channel;
  readonly choice: Choice;
}

/** A thread of which nothing is told before a moment. */
export interface Mute {
  readonly thread: string;
  readonly until: Moment;
}

/** A person's inbox, as all of his devices have it. */
export interface Inbox {
  /** How many entries have made it. */
  readonly count: number;
  /** The position of the uppermost notification that there ever was: what a page hands in as what its reader saw. */
  readonly top: number;
  /** The uppermost first, archived and snoozed ones among them. */
  readonly items: readonly Notification[];
  readonly counts: InboxCounts;
  /** How many notifications there were that are not held any more, because there were too many. */
  readonly forgotten: number;
  readonly preferences: readonly Preference[];
  readonly mutes: readonly Mute[];
  readonly quiet?: QuietHours;
  readonly endpoints: readonly Endpoint[];
  readonly digests: readonly OpenDigest[];
  readonly closedDigests: readonly ClosedDigest[];
  readonly digestNumber: number;
  readonly keys: readonly KeyRow[];
  /** A creation that was first made before this may be made again under its key; 0: none. */
  readonly keysSince: Moment;
  /** The count of the entry before which nothing is kept. */
  readonly erasedAt: number;
}

/** How many closed digests an inbox shows. */
const shownDigests = 20;
/** More where they have come to nothing yet: else who has many categories would not be sent some of them. Of more, the oldest are not sent. */
const mostDigests = 200;

/** An inbox that nobody has written to. */
export const emptyInbox: Inbox = {
  count: 0,
  top: 0,
  items: [],
  counts: noCounts,
  forgotten: 0,
  preferences: [],
  mutes: [],
  endpoints: [],
  digests: [],
  closedDigests: [],
  digestNumber: 0,
  keys: [],
  keysSince: 0,
  erasedAt: 0,
};

/** The inbox after one more entry. Pure, and the same on the server and on each device. */
export function evolveInbox(before: Inbox, entry: InboxEntry): Inbox {
  const count = before.count + 1;
  if (entry.kind === "erased") return { ...emptyInbox, count, top: before.top, erasedAt: count };
  const state = evolveRest({ ...before, count }, entry);
  if (entry.kind === "created") return create(state, entry);
  const changed = changeItems(state, (item) => evolveNotification(item, entry, count));
  if (entry.kind !== "woken") return changed;
  const items = changed.items.toSorted((a, b) => b.position - a.position);
  return { ...changed, items, top: Math.max(changed.top, items[0]?.position ?? 0) };
}

/** The inbox with changed notifications, which are counted anew; `undefined` takes one away. */
function changeItems(state: Inbox, change: (item: Notification) => Notification | undefined): Inbox {
  let { counts } = state;
  const items: Notification[] = [];
  for (const item of state.items) {
    const changed = change(item);
    if (changed !== item) counts = adjustCounts(counts, item, changed);
    if (changed !== undefined) items.push(changed);
  }
  return { ...state, items, counts };
}

/** Few of many: each is looked for by itself. */
function takeAway(state: Inbox, ids: readonly string[]): Inbox {
  let { items, counts } = state;
  for (const id of ids) {
    const at = items.findLastIndex((item) => item.id === id);
    if (at === -1) continue;
    counts = adjustCounts(counts, items[at], undefined);
    items = items.toSpliced(at, 1);
  }
  return { ...state, items, counts };
}

function create(before: Inbox, entry: Extract<InboxEntry, { kind: "created" }>): Inbox {
  const { at, content, announces, steps, passed, replaces, key, contentHash, keysGone = 0, forgets = [] } = entry;
  const { count } = before;
  const id = String(count);
  const predecessor = replaces === undefined ? undefined : before.items.find((item) => item.id === replaces);
  const gone = new Set(forgets);
  let state = takeAway(withMore(before, gone), predecessor === undefined ? forgets : [...forgets, predecessor.id]);
  const placed: Step[] = [];
  for (const step of steps) {
    if ("at" in step) placed.push(step);
    else {
      const opened = openDigest(state, content.category, step);
      state = opened.state;
      placed.push({ channel: step.channel, digest: opened.number });
    }
  }
  const told = predecessor === undefined ? [] : toldBefore(predecessor);
  const item: Notification = {
    ...content,
    id,
    count: (predecessor?.count ?? 0) + 1,
    createdAt: predecessor?.createdAt ?? at,
    updatedAt: at,
    position: count,
    isReceived: false,
    isSeen: false,
    isRead: false,
    isDone: false,
    announces,
    steps: placed,
    ...(passed !== undefined && { passed }),
    deliveries: [],
    ...(told.length > 0 && { told }),
  };
  const rows: readonly KeyRow[] = key === undefined ? [] : [contentHash === undefined ? [key, id, dayOf(at)] : [key, id, dayOf(at), contentHash]];
  const keys = [...state.keys.slice(keysGone), ...rows];
  const keysSince = knownSince(state.keysSince, state.keys.slice(0, keysGone), at);
  return {
    ...state,
    top: count,
    items: [item, ...state.items],
    counts: adjustCounts(state.counts, undefined, item),
    forgotten: state.forgotten + gone.size,
    keys,
    keysSince,
  };
}

/** Open digests still tell of what the inbox does not hold any more. */
function withMore(state: Inbox, gone: ReadonlySet<string>): Inbox {
  if (gone.size === 0 || state.digests.length === 0) return state;
  const numbers = state.items.flatMap((item) => (gone.has(item.id) ? item.steps.flatMap((step) => ("digest" in step ? [step.digest] : [])) : []));
  const digests = state.digests.map((digest) => ({ ...digest, more: digest.more + numbers.filter((number) => number === digest.number).length }));
  return { ...state, digests };
}

function openDigest(state: Inbox, category: string, { channel, digestBy }: { readonly channel: SentChannel; readonly digestBy: Moment }) {
  // One that was closed before, and waits for the end of quiet hours, may have been sent to some.
  const open = state.digests.find(
    (digest) => digest.category === category && digest.channel === channel && !state.closedDigests.some(({ number }) => number === digest.number),
  );
  if (open !== undefined) return { state, number: open.number };
  const number = state.digestNumber + 1;
  const digest: OpenDigest = { number, category, channel, closesAt: digestBy, more: 0 };
  return { state: { ...state, digests: [...state.digests, digest], digestNumber: number }, number };
}

/** Of too many the oldest go of which each endpoint has got what it will get. */
function toShown(closed: readonly ClosedDigest[], endpoints: readonly Endpoint[]): readonly ClosedDigest[] {
  let surplus = closed.length - shownDigests;
  if (surplus <= 0) return closed;
  const isOpen = ({ channel, attempts, at }: ClosedDigest): boolean =>
    endpoints.some((each) => each.channel === channel && each.at <= at && !attempts.some(({ endpoint }) => endpoint === each.id));
  return closed.filter((digest) => isOpen(digest) || surplus-- <= 0).slice(-mostDigests);
}

/** All that is not a notification's own. */
function evolveRest(state: Inbox, entry: InboxEntry): Inbox {
  switch (entry.kind) {
    case "muted": {
      const others = state.mutes.filter(({ thread, until }) => thread !== entry.thread && until > entry.at);
      return { ...state, mutes: entry.until === null ? others : [...others, { thread: entry.thread, until: entry.until }] };
    }
    case "preferred": {
      const { category, channel, choice } = entry;
      const others = state.preferences.filter((row) => row.category !== category || row.channel !== channel);
      return { ...state, preferences: choice === null ? others : [...others, { category, channel, choice }] };
    }
    case "quiet": {
      const { quiet: _before, ...rest } = state;
      // What is held is looked at again by the new hours.
      const digests = state.digests.map(({ heldUntil: _held, ...digest }) => digest);
      return { ...rest, digests, ...(entry.hours !== null && { quiet: entry.hours }) };
    }
    case "endpointAdded":
      return { ...state, endpoints: [...state.endpoints, entry.endpoint] };
    case "endpointRemoved":
      return { ...state, endpoints: state.endpoints.filter(({ id }) => id !== entry.id) };
    case "held": {
      const digests = state.digests.map((digest) => (entry.digests.includes(digest.number) ? { ...digest, heldUntil: entry.until } : digest));
      return { ...state, digests };
    }
    case "lapsed":
      return { ...state, digests: state.digests.filter(({ number }) => !entry.digests.includes(number)) };
    case "digested": {
      const { delivery: id, number, channel, category, notifications, more, at } = entry;
      const closed: ClosedDigest = { id, number, channel, category, notifications: notifications.length + more, more, attempts: [], at };
      const digests = state.digests.filter((digest) => digest.number !== number);
      return { ...state, digests, closedDigests: toShown(withDelivery(state.closedDigests, closed), state.endpoints) };
    }
    case "postponed": {
      const closed = state.closedDigests.find(({ id }) => id === entry.delivery);
      if (closed === undefined || entry.digest === undefined) return state;
      const { number, category, channel, more, at } = closed;
      return { ...state, digests: [...state.digests, { number, category, channel, closesAt: at, heldUntil: entry.until, more }] };
    }
    case "delivered": {
      const { delivery, outcome } = entry;
      const endpoints = outcome.status === "gone" ? state.endpoints.filter(({ id }) => id !== outcome.endpoint) : state.endpoints;
      return { ...state, endpoints, closedDigests: state.closedDigests.map((digest) => withAttempt(digest, delivery, outcome)) };
    }
    default:
      return state;
  }
}
