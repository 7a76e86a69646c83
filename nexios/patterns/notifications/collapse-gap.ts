import { isDigestDelivery } from "./deliveries.ts";
import type { Moment, SentChannel } from "./entry.ts";
import type { Notification } from "./notification.ts";

/** How often those whose place a notification took were handed over on a channel since somebody looked, and when last. */
export interface Told {
  readonly channel: SentChannel;
  readonly times: number;
  readonly at: Moment;
}

/** The shortest wait that is doubled. */
const leastGapMs = 1_000;

/** What a successor begins with: each channel's own, counted on. Who has looked is told as of something new. */
export function toldBefore({ isSeen, told = [], deliveries }: Pick<Notification, "isSeen" | "told" | "deliveries">): readonly Told[] {
  if (isSeen) return [];
  const all = new Map(told.map((each) => [each.channel, each]));
  for (const { id, channel, at } of deliveries) {
    if (!isDigestDelivery(id)) all.set(channel, { channel, times: (all.get(channel)?.times ?? 0) + 1, at });
  }
  return [...all.values()];
}

/** The first moment at which a channel may tell again of a collapse key: the wait is what one waits for at first, doubled with each time, and at most `gapMs`. */
export function nextTurn(told: readonly Told[], channel: SentChannel, { afterMs, gapMs }: { readonly afterMs: number; readonly gapMs: number }): Moment {
  const last = told.find((each) => each.channel === channel);
  if (last === undefined) return -Infinity;
  return last.at + Math.min(gapMs, Math.max(leastGapMs, afterMs) * 2 ** (last.times - 1));
}
