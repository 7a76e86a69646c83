/** The sentence of "What must always hold" that something breaks. */
export type Rule = "delivery" | "durability" | "calls" | "state" | "convergence" | "presence" | "memory" | "secrets" | "drain" | "protocol" | "errors";

/** Something that must not be. */
export interface Violation {
  readonly rule: Rule;
  readonly what: string;
  /** Virtual milliseconds since the start. */
  readonly atMs: number;
}

/** More say nothing new. */
const most = 20;

/** What judges and devices have found wrong in one run. */
export class Findings {
  readonly #violations: Violation[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get violations(): readonly Violation[] {
    return this.#violations;
  }

  report(rule: Rule, what: string): void {
    if (this.#violations.length < most) this.#violations.push({ rule, what, atMs: Math.round(this.#now()) });
  }
}
