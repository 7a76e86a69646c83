import type { ErrorCode } from "../protocol/codes.ts";
import type { RoomClientFrame } from "../protocol/frame.ts";
import { NexiosError } from "../protocol/failure.ts";
import { report } from "../world/report.ts";
import type { CallReply } from "./call.ts";
import { Cancellation } from "./cancellation.ts";
import type { Directory } from "./directory.ts";
import type { Line } from "./line.ts";
import { MemberCall } from "./member-call.ts";
import type { Memberships } from "./membership.ts";
import { Pace } from "./pace.ts";
import { RecentCalls } from "./recent-calls.ts";
import { toReceived } from "./received.ts";
import type { Replies } from "./replies.ts";
import { factsOfInput } from "./request.ts";

type Frame<Kind extends RoomClientFrame["kind"]> = RoomClientFrame & { readonly kind: Kind };

/** What the requests of one connection need of it. */
export interface RequestNeeds {
  readonly line: Line;
  readonly directory: Directory;
  readonly rooms: Memberships;
  readonly replies: Replies;
}

/** One connection's calls, questions and pages of history: each is answered once. */
export class MemberRequests {
  readonly #needs: RequestNeeds;
  readonly #recent = new RecentCalls();
  readonly #pace: Pace;
  /** Made at the first request: most connections only listen. */
  #running: Map<number, Cancellation> | undefined;
  #settled: (() => void)[] | undefined;
  #runs = 0;
  #asking = 0;

  constructor(needs: RequestNeeds) {
    this.#needs = needs;
    this.#pace = new Pace(needs.directory.limits.callRate);
  }

  call(frame: Frame<"call">): void {
    const { rooms, replies, line, directory } = this.#needs;
    const { id, name, input, callId, isRepeat } = frame;
    const membership = rooms.find(frame.room);
    if (membership === undefined) return replies.fail(id, "NOT_FOUND");
    const { room, log } = membership.host.facts;
    // A client of another version may well know more.
    if (room.kindOf(name) !== "call") return replies.fail(id, "NOT_FOUND", { message: `"${room.contract.path}" has no call "${name}"` });
    const cancellation = this.#begin(id);
    const isIdempotent = room.isIdempotent(name);
    const { inputHash, bytes } = factsOfInput(name, input, isIdempotent);
    const request = { name, input, inputHash, isRepeat, user: line.user, ...toReceived(log, directory.limits.timeBoundMs), callId, cancellation };
    const facts = { request, bytes, line, directory, membership, cancellation, pace: this.#pace };
    const answer = (reply: CallReply): void => this.#answer(id, cancellation, reply);
    if (isIdempotent) return membership.order.run(id, new MemberCall(facts, answer));
    const key = `${frame.room} ${callId}`;
    if (this.#recent.begin(key, inputHash, answer)) membership.order.run(id, new MemberCall(facts, (reply) => this.#recent.settle(key, reply)));
  }

  async ask({ id, room, name, input }: Frame<"ask">): Promise<void> {
    const { rooms, replies, directory, line } = this.#needs;
    const membership = rooms.find(room);
    if (membership === undefined) return replies.fail(id, "NOT_FOUND");
    if (this.#isFull) return replies.fail(id, "OVERLOADED");
    const { host, member } = membership;
    const cancellation = this.#begin(id);
    this.#asking++;
    const request = { name, input, user: line.user, cancellation };
    const reply = await directory.ask(host, request, () => (cancellation.isCancelled ? "CANCELLED" : member.isSuspended ? "UNAVAILABLE" : undefined));
    this.#asking--;
    this.#end(id, cancellation);
    replies.reply(id, reply);
  }

  async history({ id, room, before, limit }: Frame<"history">): Promise<void> {
    const { rooms, replies, directory } = this.#needs;
    const membership = rooms.find(room);
    if (membership === undefined) return replies.fail(id, "NOT_FOUND");
    if (this.#isFull) return replies.fail(id, "OVERLOADED");
    const { host, member } = membership;
    const cancellation = this.#begin(id);
    this.#asking++;
    const count = Math.max(1, Math.min(limit, directory.limits.pageEntries));
    const page = await host.page(before, count, member.fromCount).catch((error: unknown) => toCode(`history of ${host.facts.name}`, error));
    this.#asking--;
    this.#end(id, cancellation);
    if (typeof page === "string") return replies.fail(id, page);
    // A right that was withdrawn meanwhile.
    if (member.isGone || member.isSuspended) return replies.fail(id, member.isGone ? "FORBIDDEN" : "UNAVAILABLE");
    replies.send({ kind: "history", id, room, ...page });
  }

  /** Nobody waits for that one any more. A no-op for one that has been answered. */
  cancel(id: number): void {
    this.#running?.get(id)?.cancel();
    for (const { order } of this.#needs.rooms) order.forget(id);
  }

  /** The connection is gone: what is ready is decided all the same. */
  ended(): void {
    for (const cancellation of this.#running?.values() ?? []) cancellation.abort();
  }

  /** Resolves when all that have come so far are answered. */
  settled(): Promise<void> {
    return this.#runs === 0 ? Promise.resolve() : new Promise((resolve) => (this.#settled ??= []).push(resolve));
  }

  #answer(id: number, cancellation: Cancellation, reply: CallReply): void {
    const { directory, replies } = this.#needs;
    this.#end(id, cancellation);
    directory.figures?.onReply(reply.kind);
    const isTooFast = reply.kind === "failed" && reply.code === "TOO_MANY";
    replies.reply(id, reply, isTooFast ? { retryAfterMs: this.#pace.expect(directory.clock.monotonic()) } : undefined);
  }

  /** Requests whose replies are large wait until the socket takes them; there is no queue for them here. */
  get #isFull(): boolean {
    const { directory, line } = this.#needs;
    return this.#asking >= directory.limits.queue.callsPerMember || line.unsentBytes > directory.limits.unsentBytes;
  }

  #begin(id: number): Cancellation {
    const cancellation = new Cancellation();
    (this.#running ??= new Map()).set(id, cancellation);
    this.#runs++;
    return cancellation;
  }

  #end(id: number, cancellation: Cancellation): void {
    // A later request may bear the same number.
    if (this.#running?.get(id) === cancellation) this.#running.delete(id);
    if (--this.#runs > 0) return;
    for (const resolve of this.#settled?.splice(0) ?? []) resolve();
  }
}

/** What the peer is told of what was thrown. */
export function toCode(where: string, error: unknown): ErrorCode {
  report("error", { where, error });
  return error instanceof NexiosError && error.code === "UNAVAILABLE" ? "UNAVAILABLE" : "INTERNAL";
}
