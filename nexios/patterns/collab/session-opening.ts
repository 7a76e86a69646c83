import { type ClientRoom, NexiosError } from "nexios/client";
import type { DocumentRoom } from "./contract.ts";
import type { Access } from "./entry.ts";
import type { DocumentLimits } from "./gate.ts";
import type { SessionOptions } from "./session-types.ts";

/** What the server says to whoever opens a document. */
export interface OpenedDocument {
  readonly client: number;
  readonly access: Access;
  readonly limits: DocumentLimits;
}

const retryMs = 1_000;
const deadlineMs = 600_000;

/** Asks for a client id until there is one. */
export class SessionOpening {
  /** What the last call failed by; another try is waited for. */
  error: NexiosError | undefined;
  readonly #room: ClientRoom<DocumentRoom>;
  readonly #clock: Required<SessionOptions>["clock"];
  readonly #isAlone: () => boolean;
  #way: AbortController | undefined;
  #endRetry: (() => void) | undefined;

  constructor(room: ClientRoom<DocumentRoom>, clock: Required<SessionOptions>["clock"], isAlone: () => boolean) {
    this.#room = room;
    this.#isAlone = isAlone;
    this.#clock = clock;
  }

  /** Nothing happens while it is being asked for already. `onOpened` hears of it once, and `onChange` of what has failed too. */
  async ask(onOpened: (opened: OpenedDocument) => void, onChange: () => void): Promise<void> {
    if (this.#way !== undefined || this.#endRetry !== undefined) return;
    const way = (this.#way = new AbortController());
    try {
      const outcome = await this.#room.call("open", { isAlone: this.#isAlone() }, { deadlineMs, signal: way.signal });
      if (this.#way !== way) return;
      this.#way = this.error = undefined;
      if (outcome.kind === "accepted") onOpened(outcome.result);
    } catch (error) {
      if (this.#way !== way) return;
      this.#way = undefined;
      this.error = error instanceof NexiosError ? error : new NexiosError("INTERNAL", "The document does not open", { cause: error });
      this.#endRetry = this.#clock.after(retryMs, () => {
        this.#endRetry = undefined;
        void this.ask(onOpened, onChange);
      });
    }
    onChange();
  }

  /** A client id that is on its way would be one of another connection: it is asked for anew. */
  stop(): void {
    const way = this.#way;
    this.#way = undefined;
    way?.abort();
    this.#endRetry?.();
    this.#endRetry = undefined;
  }
}
