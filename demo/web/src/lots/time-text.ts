const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const minute = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** 12:04:31 in the person's own time zone. */
export function formatClock(at: number): string {
  return clock.format(at);
}

/** 4 May, 12:04 in the person's own time zone. */
export function formatMinute(at: number): string {
  return minute.format(at);
}

/** 0:09, 4:31, 2 h 04 min, 3 d 4 h: as much as somebody needs who waits. */
export function formatLeft(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return `${days} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${pad(minutes % 60)} min` : `${minutes}:${pad(seconds % 60)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
