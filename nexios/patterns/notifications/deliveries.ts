import type { Attempt, Moment, Passed, SentChannel } from "./entry.ts";

/** Something that was handed over to be sent, and what came of it: the newest attempts. A digest's attempts stand with the digest. */
export interface Delivery {
  readonly id: string;
  readonly channel: SentChannel;
  readonly passed?: readonly Passed[];
  readonly attempts: readonly Attempt[];
  readonly at: Moment;
}

/** How many attempts a delivery shows: the newest. */
const shownAttempts = 20;
const digestPrefix = "digest-";

/** Under which id a notification is sent on a channel: the same, however often it is tried. */
export function deliveryIdOf(notification: string, channel: SentChannel): string {
  return `${notification}-${channel}`;
}

/** The same of a digest. */
export function digestDeliveryIdOf(number: number, channel: SentChannel): string {
  return `${digestPrefix}${number}-${channel}`;
}

export function isDigestDelivery(id: string): boolean {
  return id.startsWith(digestPrefix);
}

/** With one that was handed over: what was handed over before, and came due again, keeps what came of it. */
export function withDelivery<Of extends Delivery>(deliveries: readonly Of[], delivery: Of): readonly Of[] {
  const known = deliveries.find(({ id }) => id === delivery.id);
  return known === undefined ? [...deliveries, delivery] : deliveries.map((each) => (each === known ? { ...delivery, attempts: known.attempts } : each));
}

/** A delivery with one more attempt, if it is the one that was made. */
export function withAttempt<Of extends Delivery>(delivery: Of, id: string, outcome: Attempt): Of {
  return delivery.id === id ? { ...delivery, attempts: [...delivery.attempts, outcome].slice(-shownAttempts) } : delivery;
}
