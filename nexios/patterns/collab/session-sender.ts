import { type ClientRoom, NexiosError } from "nexios/client";
import type { DocumentRoom } from "./contract.ts";
import { encodeEdit } from "./entry.ts";
import { defaultDocumentLimits, type DocumentLimits } from "./gate.ts";
import { type Flight, SessionQueue, type UnsavedEdit } from "./session-queue.ts";
import type { RefusedEdit, SessionOptions } from "./session-types.ts";

/** What becomes of edits. */
export interface SenderEvents {
  onStored(edits: readonly UnsavedEdit[]): void;
  /** None of them is waiting any more, and what was made after them still is. */
  onRefused(code: RefusedEdit["code"], edits: readonly UnsavedEdit[]): void;
  /** Asked of an edit that has to be sent in parts. */
  isTooLong(edit: UnsavedEdit): boolean;
  onChange(): void;
}

const retryMs = 1_000;
const longestRetryMs = 30_000;
/** Within a connection; past it the edit is sent by another call. The server forgets a call's id later than that. */
const deadlineMs = 600_000;

/** Sends edits one call at a time, what is made meanwhile merged into the next, until each is stored or refused. */
export class SessionSender {
  limits: DocumentLimits = defaultDocumentLimits;
  /** What the last call failed by; another try is waited for. */
  error: NexiosError | undefined;
  readonly #room: ClientRoom<DocumentRoom>;
  readonly #clock: Required<SessionOptions>["clock"];
  readonly #events: SenderEvents;
  readonly #queue = new SessionQueue();
  #isLive = false;
  #way: { readonly flight: Flight; readonly stop: AbortController } | undefined;
  #failures = 0;
  #endRetry: (() => void) | undefined;

  constructor(room: ClientRoom<DocumentRoom>, clock: Required<SessionOptions>["clock"], events: SenderEvents) {
    this.#room = room;
    this.#clock = clock;
    this.#events = events;
  }

  /** In the order in which they were made. */
  get unsaved(): readonly UnsavedEdit[] {
    return this.#way === undefined ? this.#queue.edits : [...this.#way.flight.edits, ...this.#queue.edits];
  }

  get isIdle(): boolean {
    return this.#way === undefined && this.#queue.edits.length === 0;
  }

  add(...edits: readonly UnsavedEdit[]): void {
    this.#queue.add(...edits);
    this.#send();
  }

  /** Gives up what is still unsaved of these. */
  drop(isGone: (edit: UnsavedEdit) => boolean): readonly UnsavedEdit[] {
    if (this.#way?.flight.edits.some(isGone) === true) this.#callBack();
    const gone = this.#queue.drop(isGone);
    this.#send();
    return gone;
  }

  /** The room takes calls. */
  start(): void {
    this.#isLive = true;
    this.#send();
  }

  /** What is under way may come to nothing, or reach another log than the one that it was made for: it is sent again when that is known. */
  stop(): void {
    this.#isLive = false;
    this.#endRetry?.();
    this.#endRetry = undefined;
    this.#callBack();
  }

  #callBack(): void {
    const way = this.#way;
    this.#way = undefined;
    if (way === undefined) return;
    this.#queue.putBack(way.flight);
    way.stop.abort();
  }

  #send(): void {
    if (!this.#isLive || this.#way !== undefined || this.#endRetry !== undefined) return;
    const flight = this.#queue.next(this.limits, (edit) => this.#events.isTooLong(edit));
    if (flight === undefined) return;
    if ("tooLong" in flight) this.#events.onRefused("TOO_LARGE", [flight.tooLong]);
    else void this.#fly(flight);
  }

  async #fly(flight: Flight): Promise<void> {
    const stop = new AbortController();
    const way = (this.#way = { flight, stop });
    try {
      const outcome = await this.#room.call("edit", encodeEdit(flight.client, flight.update), { deadlineMs, signal: stop.signal });
      if (this.#way !== way) return;
      this.#way = undefined;
      this.#failures = 0;
      this.error = undefined;
      if (outcome.kind === "accepted") this.#events.onStored(flight.edits);
      else this.#events.onRefused(outcome.code, flight.edits);
    } catch (error) {
      if (this.#way !== way) return;
      this.#callBack();
      this.#retry(error);
    }
    this.#send();
    this.#events.onChange();
  }

  #retry(error: unknown): void {
    this.error = error instanceof NexiosError ? error : new NexiosError("INTERNAL", "An edit can't be sent", { cause: error });
    const waitMs = Math.min(longestRetryMs, retryMs * 2 ** this.#failures++);
    this.#endRetry = this.#clock.after(waitMs, () => {
      this.#endRetry = undefined;
      this.#send();
    });
  }
}
