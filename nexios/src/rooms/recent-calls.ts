import type { CallReply } from "./call.ts";
import { failed } from "./call.ts";

interface Recent {
  readonly inputHash: string;
  readonly reply: Promise<CallReply>;
}

/** Refusals that one connection remembers; the log remembers what was accepted. */
const rememberedRefusals = 256;

/** The calls of one connection: one that comes again while it is under way, or after it was refused, gets the same reply. */
export class RecentCalls {
  readonly #recent = new Map<string, Recent>();

  /** What the call came to, or will; it is made unless it was. `key` names room and call id. */
  once(key: string, inputHash: string, make: () => Promise<CallReply>): Promise<CallReply> {
    const before = this.#recent.get(key);
    if (before !== undefined) return before.inputHash === inputHash ? before.reply : Promise.resolve(failed("CALL_ID_REUSED"));
    const reply = make();
    this.#recent.set(key, { inputHash, reply });
    void reply.then(({ kind }) => this.#settle(key, kind));
    return reply;
  }

  /** Only a refusal is remembered nowhere else. */
  #settle(key: string, kind: CallReply["kind"]): void {
    const settled = this.#recent.get(key);
    this.#recent.delete(key);
    if (kind !== "refused" || settled === undefined) return;
    // To the end: the oldest goes first.
    this.#recent.set(key, settled);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > rememberedRefusals && oldest !== undefined) this.#recent.delete(oldest);
  }
}
