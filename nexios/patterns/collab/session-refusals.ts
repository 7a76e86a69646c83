import type { KeptEdit } from "./offline.ts";
import type { RefusedEdit } from "./refused-edit.ts";

/** How many are kept apart; the text of later ones joins the last. */
const mostApart = 20;

/** Texts that were handed back and not taken yet, the oldest first. None is lost, however many come. */
export class SessionRefusals {
  #all: readonly RefusedEdit[] = [];
  /** As they are kept on this machine. */
  readonly #kept = new WeakMap<RefusedEdit, readonly KeptEdit[]>();

  /** Another list after each change. */
  get all(): readonly RefusedEdit[] {
    return this.#all;
  }

  add(refused: RefusedEdit, kept: readonly KeptEdit[]): void {
    const last = this.#all.at(-1);
    const isApart = last === undefined || this.#all.length < mostApart;
    const added = isApart ? refused : { code: refused.code, text: `${last.text}\n${refused.text}` };
    this.#all = [...(isApart ? this.#all : this.#all.slice(0, -1)), added];
    this.#kept.set(added, [...(isApart ? [] : (this.#kept.get(last) ?? [])), ...kept]);
  }

  /** The oldest is dealt with: gives what is kept of it. */
  forget(): readonly KeptEdit[] {
    const [first, ...rest] = this.#all;
    this.#all = rest;
    return first === undefined ? [] : (this.#kept.get(first) ?? []);
  }
}
