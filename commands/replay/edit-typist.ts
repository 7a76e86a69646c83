import type { ClientRoom } from "nexios/client";
import { type Client, createClient } from "nexios/client";
import { documentRoom, type DocumentRoom, encodeEdit, textOf } from "nexios/collab";
import { applyUpdate, createDocument, editText, encodeMissing, type TextDocument } from "../../nexios/patterns/collab/engine.ts";
import { browserWorld } from "../../nexios/src/client/browser-world.ts";
import { binaryWire } from "../../nexios/src/client/binary-wire.ts";
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
  /** By client id: the updates that have come, in order. */
  readonly #come = new Map<number, Uint8Array[]>();
  readonly #taken = new Map<number, number>();
  #underWay = 0;
  #failure: unknown;
  #wake: () => void = () => {};
  #cut: () => void = () => {};

  constructor(options: TypistOptions) {
    this.#options = options;
    this.client = createClient({
      url: options.url,
      token: () => options.name,
      wire: binaryWire,
      // He comes back soon: what is asked is whether all is there, and not how patient he is.
      limits: { deadlineMs: 600_000, retryMs: 20, longestRetryMs: 500 },
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
      if (value.kind !== "edited" || value.client === this.#id) return;
      const come = this.#come.get(value.client) ?? [];
      this.#come.set(value.client, come);
      come.push(value.update);
      this.#wake();
    });
  }

  /** The client id that the server knows him by. */
  get id(): number {
    return this.#id;
  }

  async open(): Promise<void> {
    const outcome = await this.room.call("open");
    if (outcome.kind !== "accepted") throw new Error("The document does not open");
    this.#id = outcome.result.client;
    this.#document = createDocument(this.#id);
    const state = this.room.confirmedState;
    if (state !== undefined) applyUpdate(this.#document, encodeMissing(state.document, this.#document));
  }

  /** Takes in the first `count` edits of somebody, as soon as they have come. */
  async see(client: number, count: number): Promise<void> {
    let taken = this.#taken.get(client) ?? 0;
    while (taken < count) {
      const update = this.#come.get(client)?.[taken];
      if (this.#failure !== undefined) throw this.#failure;
      if (update === undefined) await this.#woken();
      else {
        applyUpdate(this.#document, update);
        this.#taken.set(client, ++taken);
      }
    }
  }

  /** Types one edit and sends it. False if it has changed nothing. */
  async type(patches: readonly Patch[]): Promise<boolean> {
    while (this.#underWay >= mostUnderWay) await this.#woken();
    if (this.#failure !== undefined) throw this.#failure;
    const update = editText(this.#document, (text) => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== "") text.insert(position, inserted);
      }
    });
    if (update === undefined) return false;
    void this.#send(encodeEdit(this.#id, update));
    if (this.#options.random() < this.#options.cutRate) {
      this.cuts++;
      this.#cut();
    }
    return true;
  }

  /** Resolves when all is stored. */
  async stored(): Promise<void> {
    while (this.#underWay > 0) await this.#woken();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The text as it was typed here, and as the room's entries give it. */
  get texts(): readonly [string, string | undefined] {
    const state = this.room.confirmedState;
    return [textOf(this.#document), state === undefined ? undefined : textOf(state.document)];
  }

  close(): Promise<void> {
    return this.client.close();
  }

  async #send(edit: Uint8Array): Promise<void> {
    this.#underWay++;
    this.edits++;
    this.sentBytes += edit.length;
    try {
      const outcome = await this.room.call("edit", edit);
      if (outcome.kind === "refused") this.#failure = new Error(`An edit was refused: ${outcome.code} ${JSON.stringify(outcome.data ?? null)}`);
    } catch (error) {
      this.#failure = error;
    }
    this.#underWay--;
    this.#wake();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
