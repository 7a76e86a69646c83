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
  /** Made at the first call: most connections only listen. */
  #recent: Map<string, Recent> | undefined;

  /** What the call came to, or will; it is made unless it was. `key` names room and call id. */
  once(key: string, inputHash: string, make: () => Promise<CallReply>): Promise<CallReply> {
    const recent = (this.#recent ??= new Map());
    const before = recent.get(key);
    if (before !== undefined) return before.inputHash === inputHash ? before.reply : Promise.resolve(failed("CALL_ID_REUSED"));
    const reply = make();
    recent.set(key, { inputHash, reply });
    void reply.then(({ kind }) => settle(recent, key, kind));
    return reply;
  }
}

/** Only a refusal is remembered nowhere else. */
function settle(recent: Map<string, Recent>, key: string, kind: CallReply["kind"]): void {
  const settled = recent.get(key);
  recent.delete(key);
  if (kind !== "refused" || settled === undefined) return;
  // To the end: the oldest goes first.
  recent.set(key, settled);
  const [oldest] = recent.keys();
  if (recent.size > rememberedRefusals && oldest !== undefined) recent.delete(oldest);
}
