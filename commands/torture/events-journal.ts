import { appendFileSync, readFileSync } from "node:fs";

/** An event of a run. */
export interface Step {
  readonly id: string;
  readonly key: string;
  /** Of its key, from 1: taken in the transaction that has emitted it, so that the order of commits is that of numbers. */
  readonly sequence: number;
}

/** Subscriptions that write down what they handle. */
export type Reader = "told" | "seen" | "poisoned";

/** What a process writes down, one line each: what is written stays, however it ends. */
export type Note =
  /** A transaction was told to be written. */
  | { readonly kind: "committed"; readonly steps: readonly Step[] }
  /** A transaction is about to be rolled back. */
  | { readonly kind: "rolledBack"; readonly steps: readonly Step[] }
  /** A transaction has failed. */
  | { readonly kind: "failed"; readonly code: string }
  /** `life`: of which process; `handling`: the id under which it was handled. */
  | { readonly kind: "handled"; readonly by: Reader; readonly step: Step; readonly life: number; readonly handling: string };

export function writeNote(file: string, note: Note): void {
  appendFileSync(file, `${JSON.stringify(note)}\n`);
}

/** All notes, in their order. What a kill has cut off was not told to anybody. */
export function readNotes(file: string): readonly Note[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line) as Note);
}
