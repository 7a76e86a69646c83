const barWidth = 30;
const everyMs = 100;
const lineEveryMs = 5_000;

/** Shows on standard error how far it is: a bar on a terminal, else a line now and then. */
export class Progress {
  readonly #total: number;
  readonly #what: string;
  #shownAt = -Infinity;

  constructor(what: string, total: number) {
    this.#what = what;
    this.#total = total;
  }

  /** `note`: what it waits for, if it does. */
  show(done: number, note = ""): void {
    const { isTTY } = process.stderr;
    const now = performance.now();
    const last = done === this.#total;
    if (!last && now - this.#shownAt < (isTTY ? everyMs : lineEveryMs)) return;
    this.#shownAt = now;
    const part = this.#total === 0 ? 1 : done / this.#total;
    const filled = Math.round(part * barWidth);
    const text = `${this.#what} ${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${done} of ${this.#total}${note === "" ? "" : `, ${note}`}`;
    process.stderr.write(isTTY ? `\r\x1b[K${text}${last ? "\n" : ""}` : `${this.#what}: ${done} of ${this.#total}${note === "" ? "" : `, ${note}`}\n`);
  }
}
