import { createHmac } from "node:crypto";
import type { Moment } from "./entry.ts";
import type { Outgoing } from "./outgoing.ts";

/** What a service worker gets, as JSON. */
export interface PushPayload {
  /** The delivery's id: the same if it comes twice, so that it serves as a notification's `tag`. */
  readonly id: string;
  readonly category: string;
  readonly priority: Outgoing["priority"];
  /** Cut with an ellipsis where it is too long. */
  readonly title: string;
  readonly body?: string;
  /** Left out where it is too long. */
  readonly link?: string;
  /** Left out where it is too long. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly collapseKey?: string;
  readonly count: number;
  readonly at: Moment;
  readonly expiresAt?: Moment;
}

/** Bytes of a payload: what every push service takes, with its encryption. */
export const payloadBytes = 3_000;
/** Bytes of the one that is sent where that was too long. */
export const shortPayloadBytes = 1_200;

const longestTtlSeconds = 28 * 86_400;
const topicCharacters = 32;
const listedTitles = 10;
const ellipsis = "…";

/** What is sent, in at most so many bytes: what has no room is cut at a code point, or left out. Pure. */
export function toPushPayload(outgoing: Outgoing, limitBytes: number): string {
  const { delivery: id, category, priority, count, at, expiresAt, collapseKey, link, data, digest } = outgoing;
  const body = digest === undefined ? outgoing.body : digest.slice(0, listedTitles).map(({ title }) => title).join("\n"); // prettier-ignore
  let payload: PushPayload = {
    id,
    category,
    priority,
    title: cutToBytes(outgoing.title, limitBytes / 4),
    count,
    at,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(collapseKey !== undefined && { collapseKey }),
  };
  if (link !== undefined && bytesOf(link) <= limitBytes / 4) payload = { ...payload, link };
  if (body !== undefined && body !== "") payload = { ...payload, body: cutToBytes(body, limitBytes - bytesOf({ ...payload, body: "" })) };
  const whole = data === undefined ? payload : { ...payload, data };
  return JSON.stringify(bytesOf(whole) <= limitBytes ? whole : payload);
}

/** A text whose JSON has at most so many bytes between its quotes, cut at a code point. */
function cutToBytes(text: string, most: number): string {
  if (jsonBytesOf(text) <= most) return text;
  let kept = "";
  let bytes = jsonBytesOf(ellipsis);
  for (const point of text) {
    bytes += jsonBytesOf(point);
    if (bytes > most) break;
    kept += point;
  }
  return kept + ellipsis;
}

function jsonBytesOf(text: string): number {
  return bytesOf(text) - 2;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** For how long a push service keeps it: the rest of its life, four weeks at most. Pure. */
export function ttlSecondsOf({ expiresAt = Infinity }: Outgoing, now: Moment): number {
  return Math.max(0, Math.min(longestTtlSeconds, Math.floor((expiresAt - now) / 1_000)));
}

/** How much a device is to be woken for it (RFC 8030, section 5.3). */
export function urgencyOf({ priority }: Outgoing): "low" | "normal" | "high" {
  return priority === "critical" ? "high" : priority;
}

/** What takes the place of an earlier one that still waits at the push service (RFC 8030, section 5.4): the one of the same collapse key, or the same delivery sent again. It says nothing to who does not have the secret. */
export function topicOf({ userId, delivery, collapseKey }: Outgoing, secret: string): string {
  const name = collapseKey === undefined ? [userId, "delivery", delivery] : [userId, "collapse", collapseKey];
  return createHmac("sha256", secret).update(JSON.stringify(name)).digest("base64url").slice(0, topicCharacters);
}
