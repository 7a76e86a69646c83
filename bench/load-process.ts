import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { spawnPinned } from "./spawn-pinned.ts";

/** A running load generator, on core 1. It answers in lines of JSON, and ends when its input ends. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, words: readonly string[]) {
    this.#child = spawnPinned(1, program, words, ["pipe", "pipe", "inherit"]);
    // A generator that has given up tells by the end of its lines.
    this.#child.stdin!.on("error", () => {});
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  order(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** The next line. @throws Error when the generator gave up; what it says stands on standard error. */
  async answer<Line>(): Promise<Line> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("The load generator gave up.");
    // The generators are part of this bench: what they print is trusted.
    return JSON.parse(value) as Line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.stdin!.end();
    await once(this.#child, "exit");
  }
}
