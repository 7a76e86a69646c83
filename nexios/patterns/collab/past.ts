import { NexiosError } from "nexios/client";
import {
  applyUpdate,
  clockOf,
  createDocument,
  type DecodedDelete,
  decodeDocument,
  decodeUpdate,
  encodeDocument,
  lengthOf,
  shownIn,
  type TextDocument,
  textOf,
} from "./engine.ts";
import type { DocumentEntry, Writer } from "./entry.ts";
import type { DocumentFold } from "./state.ts";

/** An entry of a document's log. */
export interface PastEntry {
  readonly value: DocumentEntry;
  /** Its place in the log, from 1: a moment of the document is such a count. */
  readonly count: number;
  readonly at: number;
}

/** Reads entries after a count, in order. @throws NexiosError GAP when the first of them is forgotten */
type ReadPast = (after: number, limit: number) => Promise<readonly PastEntry[]>;

/** Where a past is read. */
export interface PastSource {
  readonly read: ReadPast;
  /** The moment from which it is kept. */
  readonly oldest: () => Promise<number>;
}

/** One edit, as the past keeps it in mind. */
export interface PastEdit {
  readonly count: number;
  readonly at: number;
  readonly client: number;
  /** Units that were shown since, and that were shown until then. */
  readonly inserted: number;
  readonly deleted: number;
}

/** How a past is held in memory. */
export interface PastOptions {
  /** A document is kept at each so many entries: a text in between is replayed from there. */
  readonly checkpointEvery: number;
  readonly readEntries: number;
}
/** What an edit that is kept in mind takes in memory. */
const editBytes = 64;
const defaultPastOptions: PastOptions = { checkpointEvery: 1_250, readEntries: 1_000 };

/**
 * A document's past, read from its log once and kept up: the text at any moment, and what happened when. All of it is derived; whoever lets it go reads it anew.
 */
export class DocumentPast {
  readonly #source: PastSource;
  readonly #options: PastOptions;
  #edits: PastEdit[] = [];
  /** The document after so many entries, at each step. */
  #checkpoints: { readonly count: number; readonly bytes: Uint8Array }[] = [];
  #head = createDocument();
  readonly #writers = new Map<number, Writer>();
  /** What the edits of a client id have restored. */
  readonly #restores = new Map<number, number>();
  /** By client id from before a fold: at which counts edits of it were taken over. */
  readonly #carried = new Map<number, number[]>();
  #folds: Omit<DocumentFold, "at">[] = [];
  #oldest = 0;
  #count = 0;
  #catchingUp: Promise<void> = Promise.resolve();

  constructor(source: PastSource, options: Partial<PastOptions> = {}) {
    this.#source = source;
    this.#options = { ...defaultPastOptions, ...options };
  }

  /** The first moment that can be asked for: what was before it is forgotten. */
  get oldest(): number {
    return this.#oldest;
  }

  /** How many entries it has read. */
  get count(): number {
    return this.#count;
  }

  /** All edits so far, the first one first. */
  get edits(): readonly PastEdit[] {
    return this.#edits;
  }

  /** What it takes in memory, about. */
  get bytes(): number {
    return this.#edits.length * editBytes + this.#checkpoints.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** The document as it is now. Not to be changed. */
  get head(): TextDocument {
    return this.#head;
  }

  /** The first one first. */
  get folds(): readonly Omit<DocumentFold, "at">[] {
    return this.#folds;
  }

  /** Who has a client id. */
  writerOf(client: number): Writer | undefined {
    return this.#writers.get(client);
  }

  /** Which moment the edits of a client id have brought back; `undefined`: they are no restore. */
  restoredBy(client: number): number | undefined {
    return this.#restores.get(client);
  }

  /** At which counts edits of a client id from before a fold were taken over, the first one first. */
  carriedAt(client: number): readonly number[] {
    return this.#carried.get(client) ?? [];
  }

  /** Reads on to the end of the log. @throws what reading throws */
  catchUp(): Promise<void> {
    const next = this.#catchingUp.catch(() => undefined).then(() => this.#readOn());
    this.#catchingUp = next;
    return next;
  }

  /** Whether a moment was read, and is kept. */
  hasMoment(count: number): boolean {
    return Number.isSafeInteger(count) && count >= this.#oldest && count <= this.#count;
  }

  /** The document after so many entries, in a form that may be changed. `keepsDeleted`: what is deleted later stays readable. @throws RangeError for a count that was not read */
  async documentAt(count: number, keepsDeleted = false): Promise<TextDocument> {
    if (!this.hasMoment(count)) throw new RangeError(`A moment is a count from ${this.#oldest} to ${this.#count}, not ${count}`);
    const from = this.#checkpoints.findLast((checkpoint) => checkpoint.count <= count);
    let start = from?.bytes ?? encodeDocument(createDocument());
    let updates: Uint8Array[] = [];
    for await (const { value } of this.entriesBetween(from?.count ?? this.#beforeFirst, count)) {
      if (value.kind === "edited") updates.push(value.update);
      // What was before a fold is in it.
      if (value.kind === "folded") [start, updates] = [value.document, []];
    }
    return decodeDocument(start, keepsDeleted, updates);
  }

  /** The text after so many entries. @throws RangeError for a count that was not read */
  async textAt(count: number): Promise<string> {
    return textOf(await this.documentAt(count));
  }

  /** Entries between two counts, the first one left out. */
  async *entriesBetween(from: number, to: number): AsyncGenerator<PastEntry> {
    for (let after = from; after < to;) {
      const entries = await this.#source.read(after, Math.min(this.#options.readEntries, to - after));
      if (entries.length === 0) return;
      yield* entries;
      after = entries.at(-1)?.count ?? to;
    }
  }

  /** The oldest moment is a fold, which is an entry itself. */
  get #beforeFirst(): number {
    return Math.max(0, this.#oldest - 1);
  }

  async #readOn(): Promise<void> {
    for (;;) {
      // A checkpoint stands at each step, so a page ends there.
      const { checkpointEvery, readEntries } = this.#options;
      const entries = await this.#readAfter(this.#count, Math.min(readEntries, checkpointEvery - (this.#count % checkpointEvery)));
      for (const entry of entries) this.#take(entry);
      if (entries.length === 0) return;
      if (this.#count % checkpointEvery === 0) this.#checkpoints.push({ count: this.#count, bytes: encodeDocument(this.#head) });
    }
  }

  async #readAfter(count: number, limit: number): Promise<readonly PastEntry[]> {
    try {
      return await this.#source.read(count, limit);
    } catch (error) {
      if (!(error instanceof NexiosError && error.code === "GAP")) throw error;
      this.#forget(await this.#source.oldest());
      return this.#source.read(this.#beforeFirst, 1);
    }
  }

  #forget(oldest: number): void {
    const isKept = ({ count }: { readonly count: number }): boolean => count >= oldest;
    this.#oldest = oldest;
    this.#edits = this.#edits.filter(isKept);
    this.#checkpoints = this.#checkpoints.filter(isKept);
    this.#folds = this.#folds.filter(isKept);
    const first = this.#folds[0]?.firstClient ?? Infinity;
    for (const known of [this.#writers, this.#restores, this.#carried]) for (const client of known.keys()) if (client < first) known.delete(client);
  }

  #take({ value, count, at }: PastEntry): void {
    if (value.kind === "forgot") this.#forget(value.before);
    if (value.kind === "opened") {
      const { client, userId, name, restores } = value;
      this.#writers.set(client, { userId, name });
      if (restores !== undefined) this.#restores.set(client, restores);
    }
    if (value.kind === "carried") this.#carried.set(value.client, [...this.carriedAt(value.client), count]);
    if (value.kind === "folded") {
      const { firstClient, writers } = value;
      for (const [index, writer] of writers.entries()) this.#writers.set(firstClient + index, writer);
      this.#folds.push({ count, firstClient });
      this.#head = decodeDocument(value.document);
    }
    if (value.kind === "edited") {
      const before = lengthOf(this.#head);
      const deleted = decodeUpdate(value.update).deletes.reduce((sum, range) => sum + this.#shownIn(range), 0);
      applyUpdate(this.#head, value.update);
      const inserted = lengthOf(this.#head) - before + deleted;
      this.#edits.push({ count, at, client: value.client, inserted, deleted });
    }
    this.#count = count;
  }

  /** How many units of a stretch are text that is shown; what only an edit brings that deletes it again is not. */
  #shownIn({ client, clock, length }: DecodedDelete): number {
    return shownIn(this.#head, { client, clock, length: Math.min(length, clockOf(this.#head, client) - clock) });
  }
}
