/** What somebody does with a notification. */
export type Deed =
  | { readonly kind: "read" | "unread" | "archive" | "unarchive" | "back" | "mute" | "unmute" }
  | { readonly kind: "snooze"; readonly until: "minutes" | "hour" | "tomorrow" };

const minuteMs = 60_000;
const morningHour = 9;

/** When something that is put off comes back. Tomorrow: at nine, by the clock of whoever puts it off. Pure. */
export function toMoment(until: Extract<Deed, { kind: "snooze" }>["until"], now: number): number {
  if (until === "minutes") return now + 10 * minuteMs;
  if (until === "hour") return now + 60 * minuteMs;
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, morningHour).getTime();
}
