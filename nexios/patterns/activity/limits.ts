/** What is taken, how much may wait, and how long it is kept. */
export interface ActivityLimits {
  /** Events of a batch, and its bytes: a browser's beacon has no more. Past either all of it is refused. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** An event as JSON in UTF-8. */
  readonly eventBytes: number;
  readonly properties: number;
  readonly idCharacters: number;
  readonly typeCharacters: number;
  readonly pathCharacters: number;
  /** Of a visitor's name, as the sender gives it. */
  readonly visitorCharacters: number;
  /** Events that wait for their commit, and the bytes of their batches. Past either a batch is answered with 429. */
  readonly queueEvents: number;
  readonly queueBytes: number;
  /** How long whoever is answered so is asked to wait. */
  readonly retryAfterMs: number;
  /** A commit is made when so many events wait, or the first has waited so long. */
  readonly commitEvents: number;
  readonly commitMs: number;
  /** An event of an earlier time counts as of then, and one of a later time likewise. */
  readonly lateMs: number;
  readonly aheadMs: number;
  /** How long single events are kept. At least `lateMs` and two days more, so that an id is known for two days. */
  readonly keepEventsMs: number;
  readonly keepMinutesMs: number;
  readonly keepHoursMs: number;
  /** Rows that are deleted at once. */
  readonly sliceRows: number;
  /** Types, pages, and values of each counted property that a minute or an hour tells apart; the rest is counted as `(other)`. A name is told by so many characters. */
  readonly labels: number;
  readonly labelCharacters: number;
  /** Visitors that are told apart one by one; of more the number is an estimate. */
  readonly exactVisitors: number;
}

const dayMs = 86_400_000;

const longestAheadMs = 3_600_000;

/** An id must be known for so long after it came. */
const idsKnownMs: number = 2 * dayMs;

export const defaultActivityLimits: ActivityLimits = {
  batchEvents: 500,
  batchBytes: 65_536,
  eventBytes: 4_096,
  properties: 20,
  idCharacters: 64,
  typeCharacters: 64,
  pathCharacters: 2_048,
  visitorCharacters: 128,
  queueEvents: 10_000,
  queueBytes: 8_388_608,
  retryAfterMs: 1_000,
  commitEvents: 1_000,
  commitMs: 50,
  lateMs: 2 * dayMs,
  aheadMs: 60_000,
  keepEventsMs: 7 * dayMs,
  keepMinutesMs: 30 * dayMs,
  keepHoursMs: 730 * dayMs,
  sliceRows: 5_000,
  labels: 1_000,
  labelCharacters: 256,
  exactVisitors: 10_000,
};

/** The limits with those that are given. @throws TypeError for a name that is none, a value that is no number above 0, and for limits that contradict each other */
export function toActivityLimits(given: Partial<ActivityLimits> = {}): ActivityLimits {
  const limits: ActivityLimits = { ...defaultActivityLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultActivityLimits, name)) throw new TypeError(`There is no limit of activity called "${name}"`);
    if (typeof value !== "number" || !(value > 0)) throw new TypeError(`The limit "${name}" must be a number above 0, not ${String(value)}`);
  }
  const { batchEvents, batchBytes, queueEvents, queueBytes, lateMs, aheadMs, keepEventsMs } = limits;
  if (aheadMs > longestAheadMs) throw new TypeError(`aheadMs is an hour at most (${longestAheadMs}): what is ahead of time is held in memory`);
  if (queueEvents < batchEvents || queueBytes < batchBytes) throw new TypeError("A batch must fit into the queue: queueEvents and queueBytes are too small");
  if (keepEventsMs < lateMs + idsKnownMs) throw new TypeError("keepEventsMs must be at least lateMs and two days: else an id would be forgotten too early");
  return limits;
}
