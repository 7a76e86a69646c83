import { type CallReply, failed } from "./call.ts";

interface Recent {
  readonly inputHash: string;
  /** `undefined` while it is under way. */
  reply: CallReply | undefined;
  readonly answers: ((reply: CallReply) => void)[];
}

/** Refusals that one connection remembers; the log remembers what was accepted. */
const rememberedRefusals = 256;

/** The calls of one connection: one that comes again while it is under way, or after it was refused, gets the same reply. */
export class RecentCalls {
  /** Made at the first call: most connections only listen. */
  #recent: Map<string, Recent> | undefined;

  /** Has `answer` hear what the call comes to, or has come to. True: it is to be made, and `settle` to be told. `key` names room and call id. */
  begin(key: string, inputHash: string, answer: (reply: CallReply) => void): boolean {
    const recent = (this.#recent ??= new Map());
    const before = recent.get(key);
    if (before === undefined) recent.set(key, { inputHash, reply: undefined, answers: [answer] });
    else if (before.inputHash !== inputHash) answer(failed("CALL_ID_REUSED"));
    else if (before.reply === undefined) before.answers.push(answer);
    else answer(before.reply);
    return before === undefined;
  }

  settle(key: string, reply: CallReply): void {
    const recent = this.#recent;
    const settled = recent?.get(key);
    if (recent === undefined || settled === undefined) return;
    recent.delete(key);
    // Only a refusal is remembered nowhere else.
    if (reply.kind === "refused") {
      recent.set(key, { inputHash: settled.inputHash, reply, answers: [] });
      const [oldest] = recent.keys();
      if (recent.size > rememberedRefusals && oldest !== undefined) recent.delete(oldest);
    }
    for (const answer of settled.answers) answer(reply);
  }
}
