import type { CallName, Input, Schema } from "nexios/contract";
import { type Check, fields, json, line, lines, lineThat, list, oneOf, orNull, time, toSchema, whole } from "./checks.ts";
import type { InboxRoom } from "./contract.ts";
import type { InboxLimits } from "./limits.ts";
import { isTimeOfDay, isZone } from "./quiet.ts";

const id = line(64);
const keyPattern = /^[A-Za-z0-9_+/=-]+$/;
const addressPattern = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/;
const longestAddress = 254;
const longestKey = 200;

type Schemas = { readonly [Name in Exclude<CallName<InboxRoom>, "erase">]: Schema<Input<InboxRoom, Name>> };

/** What each call takes. */
export function inboxInputs(limits: InboxLimits): Schemas {
  const name = line(limits.nameCharacters);
  const ids = fields({ ids: list(limits.ids, id) });
  const upTo = fields({ upTo: whole(0) }, { category: name });
  const url = lineThat(limits.linkCharacters, "a path, or an address of http or https", isLink);
  const notification = fields(
    { category: name, title: line(limits.titleCharacters) },
    {
      thread: name,
      body: lines(limits.bodyCharacters),
      link: url,
      priority: oneOf("low", "normal", "high", "critical"),
      collapseKey: name,
      expiresAt: time,
      data: json(limits.dataCharacters),
      producer: name,
      idempotencyKey: name,
    },
  );
  const key = lineThat(longestKey, "base64", (text) => keyPattern.test(text));
  const push = fields({
    channel: oneOf("push"),
    label: name,
    subscription: fields(
      { endpoint: lineThat(limits.linkCharacters, "an address of https", isHttps), keys: fields({ p256dh: key, auth: key }) },
      { expirationTime: orNull(time) },
    ),
  });
  const email = fields({
    channel: oneOf("email"),
    label: name,
    address: lineThat(longestAddress, "an address of e-mail", (text) => addressPattern.test(text)),
  });
  return {
    create: toSchema((value) => notification(value) ?? (isKeyed(value) ? undefined : "with a producer and an idempotencyKey, or neither")),
    received: toSchema(fields({ upTo: whole(0) })),
    seen: toSchema(upTo),
    readAll: toSchema(upTo),
    read: toSchema(ids),
    unread: toSchema(ids),
    archive: toSchema(ids),
    unarchive: toSchema(ids),
    snooze: toSchema(fields({ ids: list(limits.ids, id), until: orNull(time) })),
    mute: toSchema(fields({ thread: name, until: orNull(time) })),
    prefer: toSchema((value) => {
      const preference = fields({ category: name, channel: oneOf("live", "push", "email"), choice: oneOf("on", "off", "digest", null) });
      return preference(value) ?? (isLiveDigest(value) ? "without a digest: what is live is told at once" : undefined);
    }),
    quiet: toSchema(fields({ hours: orNull(hours) })),
    addEndpoint: toSchema((value) => (isEmail(value) ? email(value) : push(value))),
    removeEndpoint: toSchema(fields({ id })),
    postpone: toSchema(fields({ delivery: id })),
    delivered: toSchema(
      fields(
        { delivery: id, endpoint: id, status: oneOf("sent", "failed", "gone", "dropped"), attempt: whole(1) },
        { providerId: line(limits.reportCharacters), error: lines(limits.reportCharacters) },
      ),
    ),
  };
}

const timeOfDay = lineThat(5, "a time such as 22:00", isTimeOfDay);
const hours: Check = (value) => {
  const quiet = fields({ from: timeOfDay, to: timeOfDay, zone: lineThat(64, "a time zone such as Europe/Berlin", isZone) });
  return quiet(value) ?? (memberOf(value, "from") === memberOf(value, "to") ? "with two times" : undefined);
};

/** What a page may lead to: no script, and no address that inherits its protocol. */
function isLink(text: string): boolean {
  if (text.startsWith("/")) return !text.startsWith("//") && !text.includes("\\");
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:");
}

function isHttps(text: string): boolean {
  return URL.parse(text)?.protocol === "https:";
}

function isKeyed(value: unknown): boolean {
  return (memberOf(value, "producer") === undefined) === (memberOf(value, "idempotencyKey") === undefined);
}

function isLiveDigest(value: unknown): boolean {
  return memberOf(value, "channel") === "live" && memberOf(value, "choice") === "digest";
}

function isEmail(value: unknown): boolean {
  return memberOf(value, "channel") === "email";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
