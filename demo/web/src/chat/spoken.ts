import type { Line } from "../../../rooms/house.ts";

interface SpokenServices {
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** The lines since it was called last. */
  readonly say: (lines: readonly Line[]) => void;
}

/** Between two announcements: a voice that says every line of a lively talk says nothing else any more. */
export const quietMs = 5_000;

/** Gathers lines for a voice: the first is said at once, what comes soon after it together. */
export class Spoken {
  readonly #services: SpokenServices;
  #lines: Line[] = [];
  #cancel: (() => void) | undefined;

  constructor(services: SpokenServices) {
    this.#services = services;
  }

  add(line: Line): void {
    this.#lines.push(line);
    if (this.#cancel === undefined) this.#say();
  }

  close(): void {
    this.#cancel?.();
  }

  #say(): void {
    const lines = this.#lines;
    this.#lines = [];
    this.#cancel = undefined;
    if (lines.length === 0) return;
    this.#services.say(lines);
    this.#cancel = this.#services.after(quietMs, () => this.#say());
  }
}
