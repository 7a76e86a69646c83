import { type Client, type ClientRoom, createClient } from "nexios/client";
import { binaryWire } from "nexios/client/binary";
import { documentRoom, type DocumentRoom, encodeEdit, textOf } from "nexios/collab";
import { applyUpdate, createDocument, editText, encodeMissing, type TextDocument } from "../../nexios/patterns/collab/engine.ts";
import { browserWorld } from "../../nexios/src/client/browser-world.ts";
import { Bell } from "./bell.ts";
import { EditArrivals } from "./edit-arrivals.ts";
import type { Patch } from "./edit-trace.ts";

/** Who types, and how his line is. */
export interface TypistOptions {
  readonly url: string;
  readonly name: string;
  readonly documentId: string;
  /** Cuts for each edit. */
  readonly cutRate: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

const mostUnderWay = 64;

/** One person who types a record: sees what he is to see and no more, and sends each edit by itself. */
export class Typist {
  readonly client: Client;
  readonly room: ClientRoom<DocumentRoom>;
  cuts = 0;
  sentBytes = 0;
  edits = 0;
  readonly #options: TypistOptions;
  #document: TextDocument = createDocument();
  #id = 0;
  /** Of others. */
  readonly #arrivals = new EditArrivals();
  /** His own that have come back as entries, and are not answered yet. */
  readonly #back = new Set<string>();
  readonly #answered = new Bell();
  readonly #failing = Promise.withResolvers<never>();
  #underWay = 0;
  /** The document that entries go to. */
  #confirmed: TextDocument | undefined;
  #cut: () => void = () => {};

  constructor(options: TypistOptions) {
    this.#options = options;
    // It is for whoever waits for him, if somebody does.
    this.failed.catch(() => undefined);
    this.client = createClient({
      url: options.url,
      token: () => options.name,
      wire: binaryWire,
      // He comes back soon, and what he types leaves at once: what is asked is whether all is there, and not how patient he is.
      limits: { deadlineMs: 600_000, retryMs: 20, longestRetryMs: 500, gatherMs: 2 },
      world: {
        connect: (url, subprotocol, events) => {
          const line = browserWorld.connect(url, subprotocol, events);
          this.#cut = () => {
            line.close();
            events.onClose(1006, "");
          };
          return line;
        },
      },
    });
    this.room = this.client.join(documentRoom, { id: options.documentId });
    this.room.onEntry(({ value }) => {
      if (value.kind !== "edited") return;
      if (value.client === this.#id) this.#back.add(toKey(value.update));
      else this.#arrivals.add(value.client, value.update);
    });
    this.room.onChange(() => {
      const confirmed = this.room.confirmedState?.document;
      if (this.#confirmed !== undefined && confirmed !== this.#confirmed)
        this.#failing.reject(new Error("A snapshot has come: what is in it is not known edit by edit"));
    });
  }

  /** Rejects when he can't go on: others may wait for him in vain. */
  get failed(): Promise<never> {
    return this.#failing.promise;
  }

  /** The client id that the server knows him by. */
  get id(): number {
    return this.#id;
  }

  async open(): Promise<void> {
    const outcome = await this.room.call("open", { isAlone: false });
    if (outcome.kind !== "accepted") throw new Error("The document does not open");
    this.#id = outcome.result.client;
    this.#document = createDocument(this.#id);
    this.#confirmed = this.room.confirmedState?.document;
    if (this.#confirmed !== undefined) applyUpdate(this.#document, encodeMissing(this.#confirmed, this.#document));
  }

  /** Takes in the first `count` edits of somebody, as soon as they have come. */
  see(client: number, count: number): Promise<void> {
    return this.#arrivals.take(client, count, (update) => applyUpdate(this.#document, update));
  }

  /** Types one edit and sends it. False if it has changed nothing. */
  async type(patches: readonly Patch[]): Promise<boolean> {
    while (this.#underWay >= mostUnderWay) await this.#answered.rung;
    const update = editText(this.#document, (text) => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== "") text.insert(position, inserted);
      }
    });
    if (update === undefined) return false;
    void this.#send(update);
    if (this.#options.random() < this.#options.cutRate) {
      this.cuts++;
      this.#cut();
    }
    return true;
  }

  /** Resolves when all is stored. */
  async stored(): Promise<void> {
    while (this.#underWay > 0) await this.#answered.rung;
  }

  /** The text as it was typed here, and as the room's entries give it. */
  get texts(): readonly [string, string | undefined] {
    const state = this.room.confirmedState;
    return [textOf(this.#document), state === undefined ? undefined : textOf(state.document)];
  }

  close(): Promise<void> {
    return this.client.close();
  }

  async #send(update: Uint8Array): Promise<void> {
    const edit = encodeEdit(this.#id, update);
    this.#underWay++;
    this.edits++;
    this.sentBytes += edit.length;
    try {
      const outcome = await this.room.call("edit", edit);
      if (outcome.kind === "refused") this.#failing.reject(new Error(`An edit was refused: ${outcome.code} ${JSON.stringify(outcome.data ?? null)}`));
      // Others wait for each edit that has changed something here.
      else if (!this.#back.delete(toKey(update))) this.#failing.reject(new Error("An edit has no entry: others have deleted the same before it came"));
    } catch (error) {
      this.#failing.reject(error);
    }
    this.#underWay--;
    this.#answered.ring();
  }
}

function toKey(update: Uint8Array): string {
  return Buffer.from(update).toString("latin1");
}
