import { insertedText } from "./engine-updates.ts";
import { type KeptEdit, ownerOf } from "./offline.ts";
import type { RefusedEdit } from "./refused-edit.ts";
import type { SessionKeeper } from "./session-keeper.ts";
import type { UnsavedEdit } from "./session-queue.ts";
import type { SessionSender } from "./session-sender.ts";

/** What becomes of what was left. */
export interface LeftEvents {
  /** A text is handed back: it is to be kept until somebody has taken it. */
  onRefused(refused: RefusedEdit): void;
  /** The same, of a text that is kept already, or that may not be. */
  onFound(refused: RefusedEdit, kept?: KeptEdit): void;
  onChange(): void;
}

/** What earlier pages have left: sent before it is forgotten, each page's by itself, or handed back as text. */
export class SessionLeft {
  readonly #sender: SessionSender;
  readonly #keeper: SessionKeeper | undefined;
  readonly #events: LeftEvents;
  #hasTaken = false;
  #isLooking = false;

  constructor(sender: SessionSender, keeper: SessionKeeper | undefined, events: LeftEvents) {
    this.#sender = sender;
    this.#keeper = keeper;
    this.#events = events;
  }

  /** Whether there is anything is not known yet. */
  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** Looks once. */
  async send(userId: string, epochNow: () => string): Promise<void> {
    for (const edits of await this.#take(userId)) {
      if (edits[0]?.kept?.epoch === epochNow()) this.#sender.add(...edits);
      else this.refuseThese("REPLACED", edits);
    }
    this.#isLooking = false;
    this.#events.onChange();
  }

  /** One may not be here any more: what is there is handed back, once, and nothing of it stays. */
  async giveUp(userId: string): Promise<void> {
    for (const edits of await this.#take(userId)) this.refuseThese("NO_ACCESS", edits);
    this.#isLooking = false;
    this.#events.onChange();
  }

  /** With one edit of a page all are refused that it made after it. */
  refuse(code: RefusedEdit["code"], edits: readonly UnsavedEdit[]): void {
    const rest = this.#sender.drop(({ isLeft, client }) => isLeft && client === edits[0]?.client);
    this.refuseThese(code, [...edits, ...rest]);
  }

  /** None of it is sent any more. */
  refuseAll(code: RefusedEdit["code"]): void {
    const left = this.#sender.drop(({ isLeft }) => isLeft);
    for (const edits of Map.groupBy(left, ({ client }) => client).values()) this.refuseThese(code, edits);
  }

  /** Hands back what they insert. */
  refuseThese(code: RefusedEdit["code"], edits: readonly UnsavedEdit[]): void {
    const text = edits.map(({ update }) => insertedText(update)).join("");
    if (text !== "" && code === "NO_ACCESS") this.#events.onFound({ code, text });
    else if (text !== "") this.#events.onRefused({ code, text });
    this.#keeper?.forget(edits);
  }

  /** The edits, by page; texts that nobody has taken are handed out. */
  async #take(userId: string): Promise<readonly (readonly UnsavedEdit[])[]> {
    if (this.#hasTaken || this.#keeper === undefined) return [];
    this.#hasTaken = this.#isLooking = true;
    const left = await this.#keeper.takeLeft(userId);
    for (const kept of left) if (kept.refused !== undefined) this.#events.onFound(kept.refused, kept);
    const edits = left.filter(({ refused }) => refused === undefined);
    return [...Map.groupBy(edits, ownerOf).values()].map((own) =>
      own.map((kept): UnsavedEdit => ({ client: kept.client, update: kept.update, kept, isLeft: true })),
    );
  }
}
