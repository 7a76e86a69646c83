import { NexiosError } from "nexios";
import { type Check, fields, line } from "./checks.ts";

/** One of a request: a notification to be made, or what is wrong with it. */
export type IntakeItem =
  | {
      readonly kind: "item";
      readonly userId: string;
      readonly notification: Readonly<Record<string, unknown>>;
      readonly idempotencyKey: string;
      readonly producer?: string;
    }
  | { readonly kind: "fault"; readonly fault: string };

/** Notifications of one request. */
const mostInBatch = 100;
const longestName = 128;

const name = line(longestName);
const notification: Check = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "an object";
  return "producer" in value || "idempotencyKey" in value ? "an object without a producer and a key: they stand beside it" : undefined;
};
const item = fields({ userId: name, notification, idempotencyKey: name }, { producer: name });

/** What a request asks for: one, or a batch. A header's key is that of one. @throws NexiosError INVALID_MESSAGE for what is neither, and for a header that says something else */
export function toItems(body: unknown, headerKey: string | undefined): { readonly items: readonly IntakeItem[]; readonly isBatch: boolean } {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("The body is an object");
  if (!("notifications" in body)) return { items: [toItem(withKey(body, headerKey))], isBatch: false };
  const { notifications, ...rest } = body;
  if (!Array.isArray(notifications) || Object.keys(rest).length > 0) throw invalid("A batch is { notifications: [...] } and nothing else");
  if (notifications.length > mostInBatch) throw invalid(`A batch has ${mostInBatch} notifications at most`);
  if (headerKey !== undefined) throw invalid("In a batch each notification has a key of its own, and the request has none");
  return { items: notifications.map(toItem), isBatch: true };
}

function withKey(body: object, headerKey: string | undefined): object {
  if (headerKey === undefined) return body;
  // As a text of the draft's structured field, or bare.
  const key = /^"(.*)"$/.exec(headerKey)?.[1] ?? headerKey;
  if ("idempotencyKey" in body && body.idempotencyKey !== key) throw invalid("The header Idempotency-Key and the body's idempotencyKey are not the same");
  return { ...body, idempotencyKey: key };
}

function toItem(value: unknown): IntakeItem {
  const fault = item(value);
  if (fault !== undefined) return { kind: "fault", fault: `It must be ${fault}` };
  // It was just looked at.
  return { kind: "item", ...(value as Omit<Extract<IntakeItem, { kind: "item" }>, "kind">) };
}

function invalid(message: string): NexiosError {
  return new NexiosError("INVALID_MESSAGE", message, { status: 400 });
}
