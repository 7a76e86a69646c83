import { type ClientRoom, NexiosError } from "nexios/client";
import type { DocumentRoom } from "./contract.ts";
import { encodeEdit } from "./entry.ts";
import { defaultDocumentLimits, type DocumentLimits } from "./gate.ts";
import { SessionFrames } from "./session-frames.ts";
import { type Flight, SessionQueue, type UnsavedEdit } from "./session-queue.ts";
import type { RefusedEdit, SessionOptions } from "./session-types.ts";

/** What becomes of edits. */
export interface SenderEvents {
  onStored(edits: readonly UnsavedEdit[]): void;
  /** None of them is waiting any more, and what was made after them still is. */
  onRefused(code: RefusedEdit["code"], edits: readonly UnsavedEdit[]): void;
  /** More waits for a connection than may. */
  onTooMuch(): void;
  /** A client id from before the document was folded. */
  isOld(client: number): boolean;
  /** Asked of an edit that has to be sent in parts. */
  isTooLong(edit: UnsavedEdit): boolean;
  onChange(): void;
}

const megabyte = 1_048_576;
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
  readonly #offlineBytes: number;
  readonly #events: SenderEvents;
  readonly #queue = new SessionQueue();
  readonly #frames = new SessionFrames();
  #isLive = false;
  /** Bytes that wait for a connection. */
  #waitingBytes = 0;
  #way: { readonly flight: Flight; readonly stop: AbortController } | undefined;
  #failures = 0;
  /** The document was folded, and the room does not show it yet. */
  #isHeld = false;
  #endRetry: (() => void) | undefined;

  constructor(room: ClientRoom<DocumentRoom>, clock: Required<SessionOptions>["clock"], offlineBytes = megabyte, events: SenderEvents) {
    this.#room = room;
    this.#clock = clock;
    this.#offlineBytes = offlineBytes;
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
    if (!this.#isLive) this.#wait(edits);
    this.#send();
  }

  /** What has begun to go still goes, though the document that is written here is without it. */
  leaveBegun(): void {
    this.#queue.leaveBegun();
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
    if (!this.#isLive) this.#frames.renew();
    this.#isLive = true;
    this.#isHeld = false;
    this.#waitingBytes = 0;
    this.#send();
  }

  /** What is under way may come to nothing, or reach another log than the one that it was made for: it is sent again when that is known. */
  stop(): void {
    const wasLive = this.#isLive;
    this.#isLive = false;
    this.#endRetry?.();
    this.#endRetry = undefined;
    this.#callBack();
    if (wasLive) this.#wait(this.#queue.edits);
  }

  #wait(edits: readonly UnsavedEdit[]): void {
    // What has begun to go is refused whole no more.
    this.#waitingBytes += edits.reduce((sum, { update, hasBegun }) => (hasBegun === true ? sum : sum + update.length), 0);
    if (this.#waitingBytes > this.#offlineBytes) this.#events.onTooMuch();
  }

  #callBack(): void {
    const way = this.#way;
    this.#way = undefined;
    if (way === undefined) return;
    this.#queue.putBack(way.flight);
    way.stop.abort();
  }

  #send(): void {
    if (!this.#isLive || this.#isHeld || this.#way !== undefined || this.#endRetry !== undefined) return;
    const [next] = this.#queue.edits;
    const isOld = next !== undefined && this.#events.isOld(next.client);
    const flight = this.#queue.next(this.#limitsOfCall, (edit) => !isOld && this.#events.isTooLong(edit));
    if (flight === undefined) return;
    if ("tooLong" in flight) this.#events.onRefused("TOO_LARGE", [flight.tooLong]);
    else void this.#fly(flight, isOld ? "carry" : "edit");
  }

  async #fly(flight: Flight, how: "edit" | "carry"): Promise<void> {
    const stop = new AbortController();
    const way = (this.#way = { flight, stop });
    try {
      const outcome = await this.#room.call(how, encodeEdit(flight.client, flight.update), { deadlineMs, signal: stop.signal });
      if (this.#way !== way) return;
      this.#way = undefined;
      this.#failures = 0;
      this.#frames.onSent();
      this.error = undefined;
      if (outcome.kind === "accepted") this.#events.onStored(flight.edits);
      else if (outcome.code === "REFUSED" && outcome.data.fault === "FOLDED") this.#hold(flight);
      else this.#events.onRefused(outcome.code, flight.edits);
    } catch (error) {
      if (this.#way !== way) return;
      this.#onFailed(error, flight);
    }
    this.#send();
    this.#events.onChange();
  }

  get #limitsOfCall(): DocumentLimits {
    return { ...this.limits, updateBytes: Math.min(this.limits.updateBytes, this.#frames.updateBytes) };
  }

  #onFailed(error: unknown, flight: Flight): void {
    const next = this.#frames.judge(error);
    if (next === "hopeless") {
      this.#way = undefined;
      this.#frames.renew();
      return this.#events.onRefused("TOO_LARGE", flight.edits);
    }
    this.#callBack();
    if (next === "wait") this.#retry(error);
  }

  /** It goes as one from before the fold, as soon as the room shows that. */
  #hold(flight: Flight): void {
    this.#queue.putBack(flight);
    this.#isHeld = !this.#events.isOld(flight.client);
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
