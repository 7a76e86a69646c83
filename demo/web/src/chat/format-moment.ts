const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "medium" });

/** 12:04 in the person's own time zone. */
export function formatMinute(at: number): string {
  return minute.format(at);
}

/** 4 May 2030 at 12:04:31. */
export function formatDay(at: number): string {
  return day.format(at);
}
