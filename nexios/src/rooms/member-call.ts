import type { ErrorCode } from "../protocol/codes.ts";
import { type CallReply, failed } from "./call.ts";
import type { CallSteps, Turn } from "./call-order.ts";
import type { Cancellation } from "./cancellation.ts";
import type { Directory } from "./directory.ts";
import type { Line } from "./line.ts";
import type { Membership } from "./membership.ts";
import type { Pace } from "./pace.ts";
import { isRefusal, type Prepared, prepareRequest, type Refusal, type RequestedCall, toRoomCall } from "./request.ts";

/** A call as it came, and what it needs of its connection. */
export interface MemberCallFacts {
  readonly request: RequestedCall;
  /** How much of the room's queue its input takes. */
  readonly bytes: number;
  readonly line: Line;
  readonly directory: Directory;
  readonly membership: Membership;
  readonly cancellation: Cancellation;
  readonly pace: Pace;
}

/** One call of a member on its way to a decision. A class, since there is one for each call. */
export class MemberCall implements CallSteps<Prepared | Refusal> {
  readonly #facts: MemberCallFacts;
  readonly #answer: (reply: CallReply) => void;
  /** The number of the user's rights with which it began. */
  readonly #grant: number;

  constructor(facts: MemberCallFacts, answer: (reply: CallReply) => void) {
    this.#facts = facts;
    this.#answer = answer;
    this.#grant = this.#grantNow;
  }

  deny(): ErrorCode | undefined {
    const { pace, directory } = this.#facts;
    return pace.take(directory.clock.monotonic()) ? undefined : "TOO_MANY";
  }

  prepare(): Prepared | Refusal | Promise<Prepared | Refusal> {
    const { membership, request } = this.#facts;
    const { room, params } = membership.host.facts;
    return prepareRequest(room, params, request);
  }

  submit(prepared: Prepared | Refusal, turn: Turn): void {
    if (isRefusal(prepared)) return turn.settle(failed(prepared.code, prepared.path, prepared.message));
    const { membership, request, bytes, line } = this.#facts;
    const { host } = membership;
    host.use();
    const call = toRoomCall(request, prepared, host.facts.params);
    host.decider.submit({ call, member: line.id, bytes, admit: () => this.#admit() ?? turn.blocks() }, (reply) => turn.settle(reply));
  }

  answer(reply: CallReply): void {
    this.#answer(reply);
  }

  /** Why it must not be decided any more. */
  #admit(): ErrorCode | undefined {
    const { cancellation, membership } = this.#facts;
    if (cancellation.isCancelled) return "CANCELLED";
    if (membership.member.isExpelled) return "FORBIDDEN";
    // Decided under the rights with which it began, or not at all: whoever sends it again is asked again.
    return membership.member.isSuspended || this.#grantNow !== this.#grant ? "UNAVAILABLE" : undefined;
  }

  get #grantNow(): number {
    return this.#facts.directory.grants.numberOf(this.#facts.line.user.id);
  }
}
