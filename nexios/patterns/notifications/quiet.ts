/** Hours of the day in which nothing is sent that makes a noise. `from` may be later than `to`: then it is over midnight. */
export interface QuietHours {
  /** Such as `22:00`, in the zone's own time. */
  readonly from: string;
  /** The first minute that is not quiet. */
  readonly to: string;
  /** Such as `Europe/Berlin`. */
  readonly zone: string;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
const timePattern = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** Not the offsets that some engines take too: an offset knows no summer. */
const zonePattern = /^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/;
/** An engine has some hundreds of zones. */
const mostFormatters = 1_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether it is a time of day such as `06:30`. */
export function isTimeOfDay(text: string): boolean {
  return timePattern.test(text);
}

/** Whether the engine knows the zone. */
export function isZone(zone: string): boolean {
  if (!zonePattern.test(zone)) return false;
  try {
    formatterOf(zone);
    return true;
  } catch {
    // It throws for a zone that it does not know, and says no more than that.
    return false;
  }
}

/**
 * When the quiet ends that there is at a moment; `undefined` if there is none. A moment is quiet when a clock on the wall shows a time from `from` to before `to`: so an hour
 * that is skipped is nobody's, and one that comes twice is what its clock says. Whole milliseconds since 1970.
 * @throws RangeError for a zone that is none
 */
export function endOfQuiet(now: number, { from, to, zone }: QuietHours): number | undefined {
  const hours = { from: toDayMs(from), to: toDayMs(to) };
  const formatter = formatterOf(zone);
  let at = now;
  // Each time that the clocks are changed within one quiet is one more round.
  for (let round = 0; round < 4; round++) {
    const offset = offsetAt(at, formatter);
    const time = timeOfDay(at + offset);
    if (!isWithin(time, hours)) return round === 0 ? undefined : at;
    const end = at + ((hours.to - time + dayMs) % dayMs);
    if (offsetAt(end, formatter) === offset) return end;
    at = findChange(at, end, offset, formatter);
  }
  return at;
}

/** The same of whoever may have none. A zone that this engine does not know, though another one did, must not stop all that has a time: it holds nothing. */
export function quietEndOf(quiet: QuietHours | undefined, now: number): number | undefined {
  return quiet === undefined || !isZone(quiet.zone) ? undefined : endOfQuiet(now, quiet);
}

function isWithin(time: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return from <= to ? time >= from && time < to : time >= from || time < to;
}

/** The first moment after `low` at which the zone has another offset; `high` has one. */
function findChange(low: number, high: number, offset: number, formatter: Intl.DateTimeFormat): number {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle, formatter) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** What the zone's clocks are ahead of universal time by. */
function offsetAt(now: number, formatter: Intl.DateTimeFormat): number {
  const second = Math.floor(now / 1_000) * 1_000;
  const parts = new Map<string, number>();
  for (const { type, value } of formatter.formatToParts(second)) parts.set(type, Number(value));
  const of = (type: string): number => parts.get(type) ?? 0;
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - second;
}

function timeOfDay(local: number): number {
  return ((local % dayMs) + dayMs) % dayMs;
}

function toDayMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * minuteMs;
}

/** Made once for each zone: making one costs more than a hundred uses. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, calendar: "gregory", hourCycle: "h23", ...fields });
  // Zones are written in upper and lower case at will.
  if (formatters.size >= mostFormatters) formatters.clear();
  formatters.set(zone, made);
  return made;
}
