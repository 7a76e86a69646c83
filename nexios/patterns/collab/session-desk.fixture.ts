import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { browserWorld, type Client, type ClientConnection, type ConnectionEvents, createClient } from "nexios/client";
import { binaryWire } from "nexios/client/binary";
import { addDocuments, type Documents } from "./documents.ts";
import type { Access } from "./entry.ts";
import type { FoldRules } from "./fold.ts";
import type { DocumentLimits } from "./gate.ts";
import type { RetentionRules } from "./retention.ts";
import { DocumentSession } from "./session.ts";
import type { SessionOptions } from "./session-types.ts";

/** Somebody with a page in which a document is open. */
export interface Writer {
  readonly session: DocumentSession;
  readonly client: Client;
  /** Breaks the line; as long as it is cut no other comes about. */
  readonly cut: () => void;
  readonly mend: () => void;
}

/** How a server of documents is set up; `messageBytes` is its limit of a frame. */
type DeskOptions = Partial<DocumentLimits & FoldRules & RetentionRules & { readonly messageBytes: number }>;

/** A real server of documents, and people who write. */
export class Desk {
  /** What `accessOf` says; `write` for whom it does not name. */
  readonly access = new Map<string, Access | undefined>();
  readonly #limits: DeskOptions;
  readonly #clients: Client[] = [];
  #folder = mkdtempSync(join(tmpdir(), "nexios-desk-"));
  #app: NexiosApp;
  #documents: Documents;
  #url = "";

  private constructor(limits: DeskOptions) {
    this.#limits = limits;
    [this.#app, this.#documents] = this.#build();
  }

  static async open(limits: DeskOptions = {}): Promise<Desk> {
    const desk = new Desk(limits);
    await desk.#listen(0);
    return desk;
  }

  get documents(): Documents {
    return this.#documents;
  }

  write(name: string, options?: SessionOptions, { isJson = false } = {}): Writer {
    const lines = new Map<ClientConnection, ConnectionEvents>();
    let isCut = false;
    const client = createClient({
      url: `${this.#url}/realtime`,
      ...(!isJson && { wire: binaryWire }),
      token: () => this.#app.tokens.issue({ sub: name, name }, { expiresInSeconds: 60 }),
      limits: { retryMs: 10, longestRetryMs: 50, gatherMs: 0, presenceMs: 0 },
      world: {
        connect(url, subprotocol, events) {
          if (isCut) setImmediate(() => events.onClose(1006, ""));
          if (isCut) return { send() {}, close() {} };
          const line = browserWorld.connect(url, subprotocol, events);
          lines.set(line, events);
          return line;
        },
      },
    });
    this.#clients.push(client);
    return {
      client,
      session: new DocumentSession(client, "1", options),
      cut() {
        isCut = true;
        for (const [line, events] of lines) {
          line.close();
          events.onClose(1006, "");
        }
        lines.clear();
      },
      mend: () => (isCut = false),
    };
  }

  /** Starts the server anew; `isEmpty`: all that was stored is gone. */
  async restart({ isEmpty = false } = {}): Promise<void> {
    await this.#app.stop({ deadlineMs: 200 });
    if (isEmpty) rmSync(this.#folder, { recursive: true });
    if (isEmpty) this.#folder = mkdtempSync(join(tmpdir(), "nexios-desk-"));
    [this.#app, this.#documents] = this.#build();
    await this.#listen(Number(new URL(this.#url).port));
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.#app.stop({ deadlineMs: 200 });
    rmSync(this.#folder, { recursive: true });
  }

  #build(): [NexiosApp, Documents] {
    const { foldPieces = Infinity, keepMs = Infinity, messageBytes = 65_536, ...limits } = this.#limits;
    const app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } }, rooms: { folder: this.#folder }, limits: { messageBytes } });
    const accessOf = ({ id }: { readonly id: string }): Access | undefined => (this.access.has(id) ? this.access.get(id) : "write");
    return [app, addDocuments(app, { accessOf, limits, foldPieces, keepMs })];
  }

  async #listen(port: number): Promise<void> {
    ({ url: this.#url } = await this.#app.listen({ port }));
  }
}
