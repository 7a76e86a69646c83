/** What an inbox takes and holds. */
export interface InboxLimits {
  /** Notifications; of too many the oldest archived one goes first, then the oldest. */
  readonly notifications: number;
  /** Of the notifications together, as JSON in UTF-8, looked at when one comes: what is over goes by the same order. A device gets all of it when it is new. */
  readonly bytes: number;
  /** Producers' keys; of too many the oldest go before their thirty days, and what is made again under one of those comes twice. */
  readonly keys: number;
  readonly endpoints: number;
  /** Threads that are muted at once. */
  readonly mutes: number;
  /** Ids of one call. */
  readonly ids: number;
  readonly titleCharacters: number;
  readonly bodyCharacters: number;
  readonly linkCharacters: number;
  /** Of a category, a thread, a collapse key, a producer and its key, an endpoint's label. */
  readonly nameCharacters: number;
  /** A notification's `data` as JSON. */
  readonly dataCharacters: number;
  /** What a provider says of a delivery: its id, its error. */
  readonly reportCharacters: number;
  /** How far ahead one may snooze or mute. */
  readonly aheadMs: number;
  /** Entries that a device which was away can still resume from, in steps of a thousand. */
  readonly keepEntries: number;
}

export const defaultInboxLimits: InboxLimits = {
  notifications: 500,
  bytes: 1_000_000,
  keys: 2_000,
  endpoints: 10,
  mutes: 200,
  ids: 500,
  titleCharacters: 200,
  bodyCharacters: 2_000,
  linkCharacters: 2_000,
  nameCharacters: 128,
  dataCharacters: 4_096,
  reportCharacters: 500,
  aheadMs: 366 * 86_400_000,
  keepEntries: 10_000,
};
