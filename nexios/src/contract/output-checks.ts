import { check, type Checked, type Schema } from "./check.ts";
import { isAccepted, isRefused } from "./decision.ts";

/** What a room would give its members, and should not. `path`: where in the value; empty for the whole. */
export interface Misfit {
  readonly what: string;
  readonly path: string;
  readonly message: string;
}

/** The schemas for what a room gives, where there are any. */
export interface OutputSchemas {
  readonly output?: Readonly<Record<string, Schema<unknown>>> | undefined;
  readonly entry?: Schema<unknown> | undefined;
}

/** Checks what members would be given against the server's own schemas. What has no schema fits. */
export class OutputChecks {
  readonly #output: ReadonlyMap<string, Schema<unknown>>;
  readonly #entry: Schema<unknown> | undefined;
  readonly #onMisfit: (misfit: Misfit) => void;

  /** `onMisfit` is told, and what it told of is given all the same; without it, a misfit is thrown. */
  constructor({ output = {}, entry }: OutputSchemas, onMisfit: (misfit: Misfit) => void = refuse) {
    this.#output = new Map(Object.entries(output));
    this.#entry = entry;
    this.#onMisfit = onMisfit;
  }

  /** The result of a call, by what `decide` gave. @throws TypeError for a misfit, and for a schema that waits */
  result(name: string, decision: unknown): void {
    if (isAccepted(decision)) this.#check(this.#output.get(name), decision.result, `decide.${name}'s result`);
  }

  /** The answer to a question. @throws TypeError for a misfit, and for a schema that waits */
  answer(name: string, answer: unknown): void {
    if (!isRefused(answer)) this.#check(this.#output.get(name), answer, `questions.${name}'s answer`);
  }

  /** The public part of an entry. @throws TypeError for a misfit, and for a schema that waits */
  entry(entry: unknown): void {
    this.#check(this.#entry, entry, "an entry");
  }

  #check(schema: Schema<unknown> | undefined, value: unknown, what: string): void {
    if (schema === undefined) return;
    const checked = checkAtOnce(schema, value, what);
    if (checked.kind === "misfits") this.#onMisfit({ what, path: checked.path, message: checked.issues[0]?.message ?? "does not fit" });
  }
}

/** The sentence for an operator. */
export function describeMisfit({ what, path, message }: Misfit): string {
  return `${what} does not fit its schema${path === "" ? "" : ` at "${path}"`}: ${message}`;
}

function refuse(misfit: Misfit): never {
  throw new TypeError(describeMisfit(misfit));
}

/** It runs inside a decision, which can't wait. */
function checkAtOnce(schema: Schema<unknown>, value: unknown, what: string): Checked {
  const checked = check(schema, value);
  if (!(checked instanceof Promise)) return checked;
  checked.catch(() => undefined);
  throw new TypeError(`The schema for ${what} waits: what checks outputs must answer at once`);
}
