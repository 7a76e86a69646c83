/** What an event may say of itself beside its type and its page. */
export type PropertyValue = string | number | boolean | null;

/** Something that somebody did, as a client tells it. */
export interface NewEvent {
  /** Made by the client, the same at each try: a UUID of version 7 is stored fastest. An event with an id that is known is counted no second time. */
  readonly id: string;
  /** What was done: `page`, `bid`, `search`. */
  readonly type: string;
  /** When, by the clock of who tells it: milliseconds since 1970. The moment of its receipt unless given. */
  readonly at?: number;
  /** Where. What stands behind `?` or `#` is not kept. */
  readonly path?: string;
  /** Who, if the sender knows it. It is kept as a hash alone. Unless given: whoever has this address and this browser. */
  readonly visitor?: string;
  readonly properties?: Readonly<Record<string, PropertyValue>>;
}

/** Events that travel together. */
export interface ActivityBatch {
  readonly events: readonly NewEvent[];
  /** When it was sent, by the same clock as the events' times: how far that clock is off is corrected by it. */
  readonly sentAt?: number;
}

/** What is wrong with an event. */
export type RejectionCode =
  | "INVALID_EVENT"
  | "INVALID_ID"
  | "INVALID_TYPE"
  | "INVALID_TIME"
  | "INVALID_PATH"
  | "INVALID_VISITOR"
  | "INVALID_PROPERTIES"
  | "TOO_MANY_PROPERTIES"
  | "TOO_LARGE";

/** An event that was not taken, by its place in the batch. It is not taken later either. */
export interface Rejection {
  readonly index: number;
  readonly code: RejectionCode;
}

/** What came of a batch. The same batch again has the same answer, and counts nothing twice. */
export interface BatchAnswer {
  /** Events that this batch has brought, now or when it came before. */
  readonly accepted: number;
  /** Events whose id another batch has brought, or the same one further up. */
  readonly duplicate: number;
  readonly rejected: readonly Rejection[];
}

/** An event as it is stored. */
export interface StoredEvent {
  readonly id: string;
  /** Milliseconds since 1970, corrected by the server's clock. */
  readonly at: number;
  readonly type: string;
  /** A hash; absent for what nobody did, as an event of the server itself. */
  readonly visitor?: string;
  readonly path?: string;
  readonly properties?: Readonly<Record<string, PropertyValue>>;
}
