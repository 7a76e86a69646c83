import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import { type CallReply, failed } from "./call.ts";

interface Failed {
  readonly code: ErrorCode;
  /** By the monotonic clock. */
  readonly at: number;
  /** Calls that were sent before this one came again must not pass it: they may stand before it in the queue. */
  readonly againAt: number;
}

/** A call's place among those of its member. */
export interface Turn {
  /** Why it must not be decided now. */
  blocks(): ErrorCode | undefined;
  /** Takes its reply, in the step in which it is known: the next call may be admitted in the same one. */
  settle(reply: CallReply): void;
}

/** How a call becomes a decision. */
export interface CallSteps<Value> {
  /** Why it goes no further, asked only if nothing before it holds it up. */
  deny?(): ErrorCode | undefined;
  /** What it needs before it can be decided. */
  prepare(): Value | Promise<Value>;
  submit(prepared: Value, turn: Turn): void;
}

/** Failures that later calls wait for, and for how long: who has given one up must not wait for ever. */
const keptFailures = 1_024;
const keptMs = 30_000;

/**
 * Keeps one member's calls to one room in the order in which they were sent, though their preparation may take longer for one than for the next. After a failure
 * that may be tried again, all later ones fail alike until that one comes again, so that none overtakes it; those that wait by then fail too.
 */
export class CallOrder {
  readonly #now: () => number;
  readonly #limit: number;
  /** Made at the first failure: most members never have one. */
  #failed: Map<number, Failed> | undefined;
  #last: Promise<unknown> | undefined;
  #pending = 0;
  #sent = 0;

  /** `limit`: calls that may be under way; past it they fail with OVERLOADED. `now`: the monotonic clock. */
  constructor(limit: number, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Nobody waits for that one any more: it holds up no other. */
  forget(id: number): void {
    this.#failed?.delete(id);
  }

  /** Runs `submit` with what was prepared, after those of the calls before. Never rejects unless they do. */
  async run<Value>(id: number, steps: CallSteps<Value>): Promise<CallReply> {
    const sentAt = this.#sent++;
    const before = this.#failed?.get(id);
    if (before !== undefined) this.#failed?.set(id, { ...before, againAt: sentAt });
    const blocks = (): ErrorCode | undefined => this.#blocks(id, sentAt);
    const blocked = blocks() ?? (this.#pending >= this.#limit ? "OVERLOADED" : steps.deny?.());
    if (blocked !== undefined) return this.#note(id, failed(blocked));
    this.#pending++;
    const submit = (prepared: Value): Promise<CallReply> =>
      new Promise((resolve) => steps.submit(prepared, { blocks, settle: (reply) => resolve(this.#note(id, reply)) }));
    const reply = await (await this.#inTurn(steps.prepare(), submit)).deciding;
    this.#pending--;
    return reply;
  }

  #blocks(id: number, sentAt: number): ErrorCode | undefined {
    if (this.#failed === undefined) return undefined;
    const since = this.#now() - keptMs;
    for (const [failedId, { code, at, againAt }] of this.#failed) {
      if (at < since) this.#failed.delete(failedId);
      else if (failedId < id && sentAt < againAt) return code;
    }
    return undefined;
  }

  #note(id: number, reply: CallReply): CallReply {
    this.#failed?.delete(id);
    if (reply.kind !== "failed" || !isRetryable(reply.code)) return reply;
    this.#failed ??= new Map();
    if (this.#failed.size < keptFailures) this.#failed.set(id, { code: reply.code, at: this.#now(), againAt: Infinity });
    return reply;
  }

  /** What is handed on is wrapped, so that the next call waits for the submission and not for the decision. */
  #inTurn<Value>(preparing: Value | Promise<Value>, submit: (prepared: Value) => Promise<CallReply>): Submission | Promise<Submission> {
    const before = this.#last;
    if (before === undefined && !(preparing instanceof Promise)) return { deciding: submit(preparing) };
    const turn = Promise.all([preparing, before]).then(([prepared]) => ({ deciding: submit(prepared) }));
    this.#last = turn;
    void turn.finally(() => {
      if (this.#last === turn) this.#last = undefined;
    });
    return turn;
  }
}

interface Submission {
  readonly deciding: Promise<CallReply>;
}
