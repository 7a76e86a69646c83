/** Of a common array, and the longest that is cut from one. */
const commonBytes = 2_048;
const longestCut = 512;

/**
 * Makes arrays of bytes, all 0. Short ones are cut from common arrays: one of its own is ten times as dear to make and to collect. Who keeps a cut keeps its common
 * array, so that a pool is for what lives alike: entries, outcomes, replies.
 */
export class BytePool {
  #common = new ArrayBuffer(commonBytes);
  #used = 0;

  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > longestCut) return new Uint8Array(length);
    if (this.#used + length > commonBytes) {
      this.#common = new ArrayBuffer(commonBytes);
      this.#used = 0;
    }
    const bytes = new Uint8Array(this.#common, this.#used, length);
    this.#used += length;
    return bytes;
  }
}
