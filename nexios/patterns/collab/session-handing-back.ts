import { insertedText } from "./engine-updates.ts";
import type { KeptEdit } from "./offline.ts";
import type { RefusedEdit } from "./refused-edit.ts";
import type { SessionKeeper } from "./session-keeper.ts";
import type { UnsavedEdit } from "./session-queue.ts";
import type { SessionSender } from "./session-sender.ts";

/** What hears of it. */
export interface HandingBackEvents {
  /** The document is to begin anew. */
  onDue(code: RefusedEdit["code"]): void;
  onRefused(refused: RefusedEdit, kept?: KeptEdit): void;
}

/** How a text that did not get in is given back: each edit of it stays on this machine until its text does, and that until somebody has taken it. */
export class SessionHandingBack {
  /** Nobody looks any more: what comes back is for the next page. */
  isLeaving = false;
  #isUnderWay = false;
  readonly #sender: SessionSender;
  readonly #keeper: SessionKeeper | undefined;
  readonly #events: HandingBackEvents;
  #dropped: UnsavedEdit[] = [];

  constructor(sender: SessionSender, keeper: SessionKeeper | undefined, events: HandingBackEvents) {
    this.#sender = sender;
    this.#keeper = keeper;
    this.#events = events;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Not inside of the change that an editor is making. `refused` are those that are given up by now. */
  soon(code: RefusedEdit["code"], refused: readonly UnsavedEdit[] = []): void {
    this.#dropped.push(...refused);
    if (this.#isUnderWay) return;
    if (code === "OFFLINE_LIMIT") this.#sender.leaveBegun();
    // What was written after it hangs on it, perhaps.
    this.dropOwn();
    this.#isUnderWay = true;
    queueMicrotask(() => {
      if (this.#isUnderWay) this.#events.onDue(code);
    });
  }

  /** Nothing of what was written here is sent any more. */
  dropOwn(): void {
    this.#dropped.push(...this.#sender.drop(({ isLeft }) => !isLeft));
    this.#isUnderWay = false;
  }

  /** Tells the text. Of who may not be here any more only words of his own stay on this machine, and only if nobody looks. `owner`: under whose name; nobody's is not kept. */
  tell({ code, text }: RefusedEdit, owner: Pick<KeptEdit, "client" | "userId" | "epoch"> | undefined): void {
    const own = code === "NO_ACCESS" ? this.#dropped.map(({ update }) => insertedText(update)).join("") : text;
    const mayStay = own !== "" && (code !== "NO_ACCESS" || this.isLeaving);
    this.#events.onRefused({ code, text }, owner && mayStay ? this.#keeper?.keepRefused({ code, text: own }, owner) : undefined);
    this.#keeper?.forget(this.#dropped.splice(0));
  }

  /** Somebody has taken what was kept so. */
  forget(kept: readonly KeptEdit[]): void {
    this.#keeper?.forget(kept.map((each) => ({ kept: each })));
  }
}
