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

/** How a call becomes a decision, and who is told of it. */
export interface CallSteps<Value> {
  /** Why it goes no further, asked only if nothing before it holds it up. */
  deny?(): ErrorCode | undefined;
  /** What it needs before it can be decided. */
  prepare(): Value | Promise<Value>;
  submit(prepared: Value, turn: Turn): void;
  /** Hears its reply, once. */
  answer(reply: CallReply): void;
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

  /** Runs `submit` with what was prepared, after those of the calls before; without a turn of the loop where nothing waits. Preparing must not fail. */
  run<Value>(id: number, steps: CallSteps<Value>): void {
    const sentAt = this.#sent++;
    const before = this.#failed?.get(id);
    if (before !== undefined) this.#failed?.set(id, { ...before, againAt: sentAt });
    const blocked = this.blocks(id, sentAt) ?? (this.#pending >= this.#limit ? "OVERLOADED" : steps.deny?.());
    if (blocked !== undefined) {
      const reply = failed(blocked);
      this.#note(id, reply);
      return steps.answer(reply);
    }
    this.#pending++;
    this.#inTurn(steps, new OrderedCall(this, id, sentAt, steps));
  }

  /** Of `OrderedCall` alone: why a call that was sent then must not be decided now. */
  blocks(id: number, sentAt: number): ErrorCode | undefined {
    if (this.#failed === undefined) return undefined;
    const since = this.#now() - keptMs;
    for (const [failedId, { code, at, againAt }] of this.#failed) {
      if (at < since) this.#failed.delete(failedId);
      else if (failedId < id && sentAt < againAt) return code;
    }
    return undefined;
  }

  /** Of `OrderedCall` alone: a call that was under way has its reply. */
  settled(id: number, reply: CallReply): void {
    this.#pending--;
    this.#note(id, reply);
  }

  /** Keeps in mind what the call came to. */
  #note(id: number, reply: CallReply): void {
    this.#failed?.delete(id);
    if (reply.kind !== "failed" || !isRetryable(reply.code)) return;
    this.#failed ??= new Map();
    if (this.#failed.size < keptFailures) this.#failed.set(id, { code: reply.code, at: this.#now(), againAt: Infinity });
  }

  /** The next call waits for the submission, and not for the decision. */
  #inTurn<Value>(steps: CallSteps<Value>, turn: Turn): void {
    const before = this.#last;
    const preparing = steps.prepare();
    if (before === undefined && !(preparing instanceof Promise)) return steps.submit(preparing, turn);
    const submitting = Promise.all([preparing, before]).then(([prepared]) => steps.submit(prepared, turn));
    this.#last = submitting;
    void submitting.finally(() => {
      if (this.#last === submitting) this.#last = undefined;
    });
  }
}

/** A call that is under way. A class, since there is one for each call. */
class OrderedCall implements Turn {
  readonly #order: CallOrder;
  readonly #id: number;
  readonly #sentAt: number;
  readonly #steps: Pick<CallSteps<unknown>, "answer">;
  #isSettled = false;

  constructor(order: CallOrder, id: number, sentAt: number, steps: Pick<CallSteps<unknown>, "answer">) {
    this.#order = order;
    this.#id = id;
    this.#sentAt = sentAt;
    this.#steps = steps;
  }

  blocks(): ErrorCode | undefined {
    return this.#order.blocks(this.#id, this.#sentAt);
  }

  settle(reply: CallReply): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#order.settled(this.#id, reply);
    this.#steps.answer(reply);
  }
}
