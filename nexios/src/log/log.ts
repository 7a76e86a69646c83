/** A place in a log: the number of entries up to and with it; 0 is before the first. Never on the wire. */
export type Offset = number;

/** What members count: entries with a public part. Dense. */
export type Position = number;

/** Milliseconds since 1970, by the store's clock. */
export type Millis = number;

/** Which log it is, and where in it: what a process that has folded a room stands at. */
export interface Place {
  readonly epoch: string;
  readonly offset: Offset;
  /** The running check at `offset`: two pasts of one length differ in it. */
  readonly check: number;
}

/** The end of a room's log, and what is known of the whole. */
export interface Head extends Place {
  readonly position: Position;
  /** The running check over public parts. */
  readonly publicCheck: number;
  /** The highest version of the contract that wrote here. */
  readonly version: number;
  /** Calls whose ids are older are not remembered: they must not be decided. */
  readonly callsSince: Millis;
  /** When the room wants to be woken. */
  readonly wakeAt: Millis | undefined;
  /** The first entry that is kept whole, and the first public one that is kept; one past the end when none is. Neither goes back. */
  readonly firstOffset: Offset;
  readonly firstPosition: Position;
}

/** What members get of an entry. */
interface PublicPart {
  readonly position: Position;
  readonly check: number;
  readonly bytes: Uint8Array;
}

/** An entry as it stands in a log. It never changes; erasing takes its content and leaves its place, trimming takes it whole or leaves its public part. */
export interface StoredEntry {
  readonly offset: Offset;
  readonly check: number;
  readonly at: Millis;
  /** The id of the user whose call made it. */
  readonly author: string | undefined;
  /** Not known any more of an entry that is packed. */
  readonly callId: string | undefined;
  /** The version of the contract that wrote it. */
  readonly version: number;
  readonly bytes: Uint8Array;
  /** `undefined`: members see nothing of it. */
  readonly public: PublicPart | undefined;
  readonly erased: boolean;
}

/** An entry to be appended. */
export interface NewEntry {
  readonly at: Millis;
  readonly author: string | undefined;
  readonly callId: string | undefined;
  readonly version: number;
  readonly bytes: Uint8Array;
  readonly publicBytes: Uint8Array | undefined;
}

/** What a call came to. Its key names user and call id, and is opaque to the log. */
export interface Outcome {
  readonly key: string;
  /** Of the call's input: the same key with another input is another call. */
  readonly inputHash: string;
  /** Not before the time that the call's id bears: what is forgotten by it is guarded by `callsSince`, which is compared with ids. */
  readonly at: Millis;
  readonly bytes: Uint8Array;
  /** Forgotten after this; `undefined`: kept until `callsSince` passes `at`. Past the limits of outcomes either goes earlier. */
  readonly keepUntil: Millis | undefined;
}

/** What is written at once, or not at all. */
export interface Batch {
  readonly entries: readonly NewEntry[];
  readonly outcomes: readonly Outcome[];
  /** Entries that lose their content. */
  readonly erase: readonly Offset[];
  /** The room keeps what it has, and hides nothing: a log may store its entries together. */
  readonly isKept?: boolean;
  readonly version: number;
  readonly wakeAt: Millis | undefined;
  /** Never goes back; moves further when outcomes are forgotten past their limits. */
  readonly callsSince: Millis;
}

/** What a batch is decided on. */
export interface Tail {
  readonly head: Head;
  /** The entries that the caller has not folded, in order. */
  readonly entries: readonly StoredEntry[];
}

/** Outcomes that are remembered, by their keys. */
export type Known = ReadonlyMap<string, Outcome>;

/** Pure: it may be run again, on another tail. `undefined` writes nothing. */
export type Decide = (tail: Tail, known: Known) => Batch | undefined;

/** Who appends where. */
export interface AppendRequest {
  readonly room: string;
  /** Where the caller stands; `undefined`: it has folded nothing. */
  readonly from: Place | undefined;
  /** The keys of the calls that are about to be decided. */
  readonly keys: readonly string[];
}

export type Appended =
  | { readonly kind: "appended"; readonly head: Head; readonly entries: readonly StoredEntry[] }
  /** `from` is no place of this log: another epoch, another past, or beyond the end. The caller's state is worth nothing. */
  | { readonly kind: "diverged"; readonly head: Head }
  /** Too much lies after `from`, or some of it is gone: read on, or begin at the checkpoint, and come again. */
  | { readonly kind: "behind"; readonly head: Head };

/** The states of a room at an offset, to fold on from and to trim behind. */
export interface Checkpoint extends Place {
  readonly position: Position;
  readonly publicCheck: number;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/**
 * What a checkpoint lets go: entries up to `offset` that are hidden, or whose position is not above `position`. Of the others up to `offset` the public part
 * stays. What members may read begins behind `position`, wherever `offset` lies: hidden entries do not move it.
 */
export interface Trim {
  readonly offset: Offset;
  readonly position: Position;
}

/** A room of which the log was looked for, as after a change. */
export interface Changed {
  readonly room: string;
  readonly head: Head;
}

/** A public entry, as readers and history get it. */
export interface PublicEntry extends PublicPart {
  readonly at: Millis;
  readonly author: string | undefined;
  readonly callId: string | undefined;
  readonly version: number;
  readonly erased: boolean;
}

/** Limits of a log; what lies past them is refused, never cut. */
export interface LogLimits {
  /** Entries after `from` that an append takes along. */
  readonly tailEntries: number;
  /** Kept entries of a room, whole or public alone, and their bytes: past either, appends are refused with LIMIT until a checkpoint lets it be trimmed. */
  readonly roomEntries: number;
  readonly roomBytes: number;
  /**
   * Outcomes that a room remembers, and the bytes of their keys, hashes and contents: past either the oldest are forgotten, all of one time together, and `callsSince`
   * moves to just after them, so that an older call is not decided again.
   */
  readonly roomOutcomes: number;
  readonly roomOutcomeBytes: number;
}

/** The limits unless an option says otherwise. */
export const defaultLogLimits: LogLimits = {
  tailEntries: 1_000,
  roomEntries: 1_000_000,
  roomBytes: 1_073_741_824,
  roomOutcomes: 100_000,
  roomOutcomeBytes: 67_108_864,
};

/**
 * The past of every room of a store. `append` is its only writing method for entries; no lock leaves it, and it delivers nothing. All methods reject with
 * NexiosError UNAVAILABLE when the store can't be had or its answer is lost, and DAMAGED, loudly and for good, when what is stored is not what was written.
 */
export interface Log {
  /** Whether what is appended outlives the machine. */
  readonly durable: boolean;
  /** The store's time. */
  now(): Millis;
  /** How far `now` may be from the store's own time at this moment, in milliseconds; 0 where the process is its own store. */
  timeBoundMs(): number;
  /**
   * Decides a batch on the end of a room's log and writes it, as one step that no other append of the room comes between. After UNAVAILABLE nobody knows
   * whether it was written: the room's state is thrown away, and the same keys tell.
   * @throws NexiosError UNAVAILABLE, and where nothing was written LIMIT, CONFLICT (others were faster each time) or INVALID_MESSAGE (a text that is not well-formed
   * Unicode, or a number that is no safe integer: the log could not give it back).
   */
  append(request: AppendRequest, decide: Decide): Promise<Appended>;
  /** `undefined` for a room that nobody has written to. */
  head(room: string): Promise<Head | undefined>;
  /** Entries after an offset, in order. @throws NexiosError GAP when the first of them is not kept whole: never the rest. */
  read(room: string, after: Offset, limit: number): Promise<readonly StoredEntry[]>;
  /** Public entries after a position, in order. @throws NexiosError GAP when the first of them is gone: never the rest. */
  readPublic(room: string, after: Position, limit: number): Promise<readonly PublicEntry[]>;
  /** Public entries before a position, newest first; fewer than `limit` only at the beginning of what is kept. */
  readPublicBefore(room: string, before: Position, limit: number): Promise<readonly PublicEntry[]>;
  checkpoint(room: string): Promise<Checkpoint | undefined>;
  /**
   * Keeps a checkpoint, unless one with the same or a higher offset is kept, and trims behind it; both in one step. `trim` is clamped to the checkpoint's own
   * offset and position. Outcomes stay. Returns false when it was not kept; then nothing is trimmed.
   */
  putCheckpoint(room: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean>;
  /**
   * Keeps old entries in less space: the oldest whole ones that are not packed yet, `entries` of them or as many as have 256 KiB, none of them past `through` or the
   * kept checkpoint. They are read, erased and trimmed as before, but for their call ids: those are let go. Heads, positions and checks stay. Returns false, and nothing
   * has changed, when there are not that many; a log that would gain nothing lets the call ids go alone.
   */
  pack(room: string, through: Offset, entries: number): Promise<boolean>;
  /** Rooms that were written to in the second of `since` or later. A damaged one is left out, here and in `heads` and `due`: its own reads say so. */
  changedSince(since: Millis): Promise<readonly Changed[]>;
  /** The heads of those of these rooms that were written to, in any order: as `head` gives them, but by one question for all. */
  heads(rooms: readonly string[]): Promise<readonly Changed[]>;
  /** Rooms that want to be woken, earliest first. */
  due(now: Millis, limit: number): Promise<readonly Changed[]>;
  close(): Promise<void>;
}
