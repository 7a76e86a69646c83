import type { RoomClientFrame } from "../protocol/frame.ts";

/** What comes behind a hello while it is proven, in order and within bounds. */
export class WaitingFrames {
  readonly #limits: { readonly messages: number; readonly bytes: number };
  #frames: RoomClientFrame[] = [];
  #messages = 0;
  #bytes = 0;

  constructor(limits: { readonly messages: number; readonly bytes: number }) {
    this.#limits = limits;
  }

  /** False when there is no room for a message of so many bytes; then none of it may wait. */
  admit(bytes: number): boolean {
    if (this.#messages >= this.#limits.messages || this.#bytes + bytes > this.#limits.bytes) return false;
    this.#messages++;
    this.#bytes += bytes;
    return true;
  }

  push(frame: RoomClientFrame): void {
    this.#frames.push(frame);
  }

  /** Gives what waits, and keeps nothing. */
  clear(): readonly RoomClientFrame[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}
