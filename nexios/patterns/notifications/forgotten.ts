import type { NotificationContent } from "./entry.ts";
import type { InboxLimits } from "./limits.ts";
import type { Notification } from "./notification.ts";

/** What an inbox keeps of a new notification beside its content: its facts, times and steps, about. */
const factsBytes = 400;
/** Most are as they were when the last one came. */
const known = new WeakMap<Notification, number>();

/** Which have to go for a new one, by their ids: the oldest archived ones first, then the oldest. `kept` are the others, the uppermost first. */
export function chooseForgotten(
  kept: readonly Notification[],
  content: NotificationContent,
  { notifications, bytes }: Pick<InboxLimits, "notifications" | "bytes">,
): readonly string[] {
  let [count, sum] = [kept.length + 1, jsonBytes(content) + factsBytes];
  for (const item of kept) sum += bytesOf(item);
  if (count <= notifications && sum <= bytes) return [];
  const oldestFirst = kept.toReversed();
  const forgotten: string[] = [];
  for (const item of [...oldestFirst.filter(({ isDone }) => isDone), ...oldestFirst.filter(({ isDone }) => !isDone)]) {
    if (count <= notifications && sum <= bytes) break;
    count--;
    sum -= bytesOf(item);
    forgotten.push(item.id);
  }
  return forgotten;
}

function bytesOf(item: Notification): number {
  const before = known.get(item);
  if (before !== undefined) return before;
  const bytes = jsonBytes(item);
  known.set(item, bytes);
  return bytes;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
