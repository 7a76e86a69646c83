import { insertedText } from "./engine-updates.ts";
import { ownerOf } from "./offline.ts";
import type { SessionKeeper } from "./session-keeper.ts";
import type { UnsavedEdit } from "./session-queue.ts";
import type { SessionSender } from "./session-sender.ts";
import type { RefusedEdit } from "./session-types.ts";

/** What earlier pages have left: sent before it is forgotten, each page's by itself, or handed back as text. */
export class SessionLeft {
  readonly #sender: SessionSender;
  readonly #keeper: SessionKeeper;
  readonly #onRefused: (refused: RefusedEdit) => void;
  #hasTaken = false;

  constructor(sender: SessionSender, keeper: SessionKeeper, onRefused: (refused: RefusedEdit) => void) {
    this.#sender = sender;
    this.#keeper = keeper;
    this.#onRefused = onRefused;
  }

  /** Looks once. */
  async send(userId: string, epoch: string): Promise<void> {
    if (this.#hasTaken) return;
    this.#hasTaken = true;
    const left = await this.#keeper.takeLeft(userId);
    for (const kept of Map.groupBy(left, ownerOf).values()) {
      const edits = kept.map((each): UnsavedEdit => ({ client: each.client, update: each.update, kept: each, isLeft: true }));
      if (kept[0]?.epoch === epoch) this.#sender.add(...edits);
      else this.#giveBack("REPLACED", edits);
    }
  }

  /** With one edit of a page all are refused that it made after it. */
  refuse(code: RefusedEdit["code"], edits: readonly UnsavedEdit[]): void {
    const rest = this.#sender.drop(({ isLeft, client }) => isLeft && client === edits[0]?.client);
    this.#giveBack(code, [...edits, ...rest]);
  }

  /** None of it is sent any more. */
  refuseAll(code: RefusedEdit["code"]): void {
    const left = this.#sender.drop(({ isLeft }) => isLeft);
    for (const edits of Map.groupBy(left, ({ client }) => client).values()) this.#giveBack(code, edits);
  }

  #giveBack(code: RefusedEdit["code"], edits: readonly UnsavedEdit[]): void {
    this.#keeper.forget(edits);
    const text = edits.map(({ update }) => insertedText(update)).join("");
    if (text !== "") this.#onRefused({ code, text });
  }
}
