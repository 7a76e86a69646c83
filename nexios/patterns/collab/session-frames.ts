import { NexiosError } from "nexios/client";

/** As base64 and with a call's head that is within the 65,536 bytes of a frame that a server takes, unless it was told otherwise. */
const firstBytes = 47_000;
const leastBytes = 500;
/** A call of the least size fails so often in a row before it is given up: meanwhile it may be that other calls fill the client. */
const mostFailures = 6;

/** How large an edit may be, so that its call is one frame: learnt, since a client does not say how it is encoded and what its server takes. */
export class SessionFrames {
  #bytes = firstBytes;
  #failures = 0;

  /** Of one update, at most. */
  get updateBytes(): number {
    return this.#bytes;
  }

  /** A connection may be to another server. */
  renew(): void {
    this.#bytes = firstBytes;
    this.#failures = 0;
  }

  onSent(): void {
    this.#failures = 0;
    this.#bytes = Math.min(firstBytes, this.#bytes * 2);
  }

  /** What is to be done with a call that failed: send less at once, wait as after any failure, or give up. */
  judge(error: unknown): "smaller" | "wait" | "hopeless" {
    if (!(error instanceof NexiosError) || (error.code !== "LIMIT" && error.code !== "INVALID_MESSAGE")) return "wait";
    if (this.#bytes > leastBytes) {
      this.#bytes = Math.max(leastBytes, Math.floor(this.#bytes / 2));
      return "smaller";
    }
    return ++this.#failures < mostFailures ? "wait" : "hopeless";
  }
}
