import { applyUpdate, clockOf, createDocument, decodeDocument, decodeUpdate, encodeDocument, type TextDocument, textOf } from "./engine.ts";
import type { DocumentEntry, Writer } from "./entry.ts";

/** An entry of a document's log. */
export interface PastEntry {
  readonly value: DocumentEntry;
  /** Its place in the log, from 1: a moment of the document is such a count. */
  readonly count: number;
  readonly at: number;
}

/** Reads entries after a count, in order. */
export type ReadPast = (after: number, limit: number) => Promise<readonly PastEntry[]>;

/** One edit, as the past keeps it in mind. */
export interface PastEdit {
  readonly count: number;
  readonly at: number;
  readonly client: number;
  /** Units that it brought, and that it deleted. */
  readonly inserted: number;
  readonly deleted: number;
}

/** A moment at which the document became another one of the same text. */
export interface PastFold {
  readonly count: number;
  /** Client ids before it edit no more. */
  readonly firstClient: number;
}

/** How a past is held in memory. */
export interface PastOptions {
  /** A document is kept at each so many entries: a text in between is replayed from there. */
  readonly checkpointEvery: number;
  readonly readEntries: number;
}
const defaultPastOptions: PastOptions = { checkpointEvery: 2_500, readEntries: 1_000 };

/**
 * A document's past, read from its log once and kept up: the text at any moment, and what happened when. All of it is derived; whoever lets it go reads it anew.
 */
export class DocumentPast {
  readonly #read: ReadPast;
  readonly #options: PastOptions;
  readonly #edits: PastEdit[] = [];
  /** The document after so many entries, at each step. */
  readonly #checkpoints: { readonly count: number; readonly bytes: Uint8Array }[] = [{ count: 0, bytes: encodeDocument(createDocument()) }];
  #head = createDocument();
  readonly #writers = new Map<number, Writer>();
  readonly #folds: PastFold[] = [];
  #count = 0;
  #catchingUp: Promise<void> = Promise.resolve();

  constructor(read: ReadPast, options: Partial<PastOptions> = {}) {
    this.#read = read;
    this.#options = { ...defaultPastOptions, ...options };
  }

  /** How many entries it has read. */
  get count(): number {
    return this.#count;
  }

  /** All edits so far, the first one first. */
  get edits(): readonly PastEdit[] {
    return this.#edits;
  }

  /** The document as it is now. Not to be changed. */
  get head(): TextDocument {
    return this.#head;
  }

  /** The first one first. */
  get folds(): readonly PastFold[] {
    return this.#folds;
  }

  /** Who has a client id. */
  writerOf(client: number): Writer | undefined {
    return this.#writers.get(client);
  }

  /** Reads on to the end of the log. @throws what reading throws */
  catchUp(): Promise<void> {
    const next = this.#catchingUp.catch(() => undefined).then(() => this.#readOn());
    this.#catchingUp = next;
    return next;
  }

  /** The document after so many entries, in a form that may be changed. `keepsDeleted`: what is deleted later stays readable. @throws RangeError for a count that was not read */
  async documentAt(count: number, keepsDeleted = false): Promise<TextDocument> {
    if (!Number.isSafeInteger(count) || count < 0 || count > this.#count) throw new RangeError(`A moment is a count from 0 to ${this.#count}, not ${count}`);
    const from = this.#checkpoints.findLast((checkpoint) => checkpoint.count <= count);
    let document = decodeDocument(from?.bytes ?? encodeDocument(createDocument()), keepsDeleted);
    for (let after = from?.count ?? 0; after < count;) {
      const entries = await this.#read(after, Math.min(this.#options.readEntries, count - after));
      const last = entries.at(-1);
      if (last === undefined) break;
      for (const { value } of entries) {
        if (value.kind === "edited") applyUpdate(document, value.update);
        if (value.kind === "folded") document = decodeDocument(value.document, keepsDeleted);
      }
      after = last.count;
    }
    return document;
  }

  /** The text after so many entries. @throws RangeError for a count that was not read */
  async textAt(count: number): Promise<string> {
    return textOf(await this.documentAt(count));
  }

  /** Entries between two counts, the first one left out. */
  async *entriesBetween(from: number, to: number): AsyncGenerator<PastEntry> {
    for (let after = from; after < to;) {
      const entries = await this.#read(after, Math.min(this.#options.readEntries, to - after));
      if (entries.length === 0) return;
      yield* entries;
      after = entries.at(-1)?.count ?? to;
    }
  }

  async #readOn(): Promise<void> {
    for (;;) {
      // A checkpoint stands at each step, so a page ends there.
      const { checkpointEvery, readEntries } = this.#options;
      const entries = await this.#read(this.#count, Math.min(readEntries, checkpointEvery - (this.#count % checkpointEvery)));
      for (const entry of entries) this.#take(entry);
      if (entries.length === 0) return;
      if (this.#count % checkpointEvery === 0) this.#checkpoints.push({ count: this.#count, bytes: encodeDocument(this.#head) });
    }
  }

  #take({ value, count, at }: PastEntry): void {
    if (value.kind === "opened") this.#writers.set(value.client, { userId: value.userId, name: value.name });
    if (value.kind === "folded") {
      const { firstClient, writers } = value;
      for (const [index, writer] of writers.entries()) this.#writers.set(firstClient + index, writer);
      this.#folds.push({ count, firstClient });
      this.#head = decodeDocument(value.document);
    }
    if (value.kind === "edited") {
      const { structs, deletes } = decodeUpdate(value.update);
      const inserted = structs
        .filter(({ kind }) => kind === "text")
        .reduce((sum, { client, clock, length }) => sum + Math.max(0, clock + length - Math.max(clock, clockOf(this.#head, client))), 0);
      const deleted = deletes.reduce((sum, { length }) => sum + length, 0);
      applyUpdate(this.#head, value.update);
      this.#edits.push({ count, at, client: value.client, inserted, deleted });
    }
    this.#count = count;
  }
}
