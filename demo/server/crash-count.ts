/** Tells whether something dies so often that to start it again is no help. */
export class CrashCount {
  readonly times = 3;
  readonly withinMs = 30_000;
  #crashes: number[] = [];

  /** Takes one more death down. @param now Of any clock that does not go back, in milliseconds */
  isLoop(now: number): boolean {
    this.#crashes = [...this.#crashes, now].filter((at) => at > now - this.withinMs);
    return this.#crashes.length >= this.times;
  }
}
