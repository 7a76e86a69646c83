import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

/** What a bidder was told of one bid. Whoever was told nothing has an unknown one. */
export type Told =
  | { readonly kind: "accepted"; readonly who: string; readonly callId: string; readonly maximum: number; readonly count: number; readonly price: number }
  | { readonly kind: "refused" | "failed" | "unknown"; readonly who: string; readonly callId: string; readonly code: string }
  /** It was refused though it was what it must be. */
  | { readonly kind: "misruled"; readonly who: string; readonly callId: string; readonly code: string };

/** How a bidder's history ended. */
export interface Seen {
  readonly kind: "seen";
  readonly who: string;
  /** Where its hash begins: behind the entries that came in a snapshot. */
  readonly from: number;
  readonly count: number;
  readonly hash: number;
  /** Entries that did not follow from the one before, or whose check was wrong, and prices that fell. */
  readonly faults: number;
  /** The state as JSON, of those who fold. */
  readonly state?: string;
}

const flushBytes = 65_536;

/** Writes down what a process's bidders are told, many at once: what is not written when it dies, nobody has seen. */
export class ToldFile {
  readonly #descriptor: number;
  #lines: string[] = [];
  #bytes = 0;

  constructor(file: string) {
    this.#descriptor = openSync(file, "a");
  }

  write(record: Told | Seen): void {
    const line = JSON.stringify(record);
    this.#lines.push(line);
    this.#bytes += line.length;
    if (this.#bytes > flushBytes) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    if (this.#lines.length > 0) writeSync(this.#descriptor, `${this.#lines.join("\n")}\n`);
    this.#lines = [];
    this.#bytes = 0;
  }
}

/** The records of a file. */
export async function* readTold(file: string): AsyncGenerator<Told | Seen> {
  // Written by `ToldFile`, line by line.
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) yield JSON.parse(line) as Told | Seen;
}
