import type { RefusedEdit } from "./session-types.ts";

/** How many are kept apart; the text of later ones joins the last. */
const mostApart = 20;

/** Texts that were handed back and not taken yet, the oldest first. None is lost, however many come. */
export class SessionRefusals {
  #all: readonly RefusedEdit[] = [];

  /** Another list after each change. */
  get all(): readonly RefusedEdit[] {
    return this.#all;
  }

  add(refused: RefusedEdit): void {
    const last = this.#all.at(-1);
    this.#all =
      last === undefined || this.#all.length < mostApart
        ? [...this.#all, refused]
        : [...this.#all.slice(0, -1), { code: refused.code, text: `${last.text}\n${refused.text}` }];
  }

  /** The oldest is dealt with. */
  forget(): void {
    this.#all = this.#all.slice(1);
  }
}
