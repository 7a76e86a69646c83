import type { ErrorCode } from "../protocol/codes.ts";
import type { RoomClientFrame } from "../protocol/frame.ts";
import { NexiosError } from "../protocol/failure.ts";
import { report } from "../world/report.ts";
import { type CallReply, failed } from "./call.ts";
import { Cancellation } from "./cancellation.ts";
import type { Directory } from "./directory.ts";
import type { Line } from "./line.ts";
import type { Membership, Memberships } from "./membership.ts";
import { Pace } from "./pace.ts";
import { RecentCalls } from "./recent-calls.ts";
import { toReceived } from "./received.ts";
import type { Replies } from "./replies.ts";
import { hashInput, isRefusal, prepareRequest, sizeOfInput, toRoomCall } from "./request.ts";

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

  async call(frame: Frame<"call">): Promise<void> {
    const { rooms, replies } = this.#needs;
    const membership = rooms.find(frame.room);
    if (membership === undefined) return replies.fail(frame.id, "NOT_FOUND");
    const { room } = membership.host.facts;
    // A client of another version may well know more.
    if (room.kindOf(frame.name) !== "call") return replies.fail(frame.id, "NOT_FOUND", { message: `"${room.contract.path}" has no call "${frame.name}"` });
    const done = this.#begin(frame.id);
    const reply = await this.#decide(frame, membership, done.cancellation);
    done();
    this.#needs.directory.figures?.onReply(reply.kind);
    const isTooFast = reply.kind === "failed" && reply.code === "TOO_MANY";
    this.#needs.replies.reply(frame.id, reply, isTooFast ? { retryAfterMs: this.#pace.expect(this.#now) } : {});
  }

  async ask({ id, room, name, input }: Frame<"ask">): Promise<void> {
    const { rooms, replies, directory, line } = this.#needs;
    const membership = rooms.find(room);
    if (membership === undefined) return replies.fail(id, "NOT_FOUND");
    if (this.#isFull) return replies.fail(id, "OVERLOADED");
    const { host, member } = membership;
    const done = this.#begin(id);
    const { cancellation } = done;
    this.#asking++;
    const request = { name, input, user: line.user, cancellation };
    const reply = await directory.ask(host, request, () => (cancellation.isCancelled ? "CANCELLED" : member.isSuspended ? "UNAVAILABLE" : undefined));
    this.#asking--;
    done();
    replies.reply(id, reply);
  }

  async history({ id, room, before, limit }: Frame<"history">): Promise<void> {
    const { rooms, replies, directory } = this.#needs;
    const membership = rooms.find(room);
    if (membership === undefined) return replies.fail(id, "NOT_FOUND");
    if (this.#isFull) return replies.fail(id, "OVERLOADED");
    const { host, member } = membership;
    const done = this.#begin(id);
    this.#asking++;
    const count = Math.max(1, Math.min(limit, directory.limits.pageEntries));
    const page = await host.page(before, count, member.fromCount).catch((error: unknown) => toCode(`history of ${host.facts.name}`, error));
    this.#asking--;
    done();
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

  #decide({ id, room, name, input, callId, isRepeat }: Frame<"call">, { host, member, order }: Membership, cancellation: Cancellation): Promise<CallReply> {
    const { directory, line } = this.#needs;
    const { room: hosted, params, log } = host.facts;
    const request = { name, input, user: line.user, ...toReceived(log, directory.limits.timeBoundMs), callId, cancellation };
    // What may be decided again needs not be known again.
    const isIdempotent = hosted.isIdempotent(name);
    const inputHash = isIdempotent ? "" : hashInput(name, input);
    const asked = directory.grants.numberOf(line.user.id);
    const admit = (): ErrorCode | undefined => {
      if (cancellation.isCancelled) return "CANCELLED";
      if (member.isExpelled) return "FORBIDDEN";
      // Decided under the rights with which it began, or not at all: whoever sends it again is asked again.
      return member.isSuspended || directory.grants.numberOf(line.user.id) !== asked ? "UNAVAILABLE" : undefined;
    };
    const decide = (): Promise<CallReply> =>
      order.run(id, {
        deny: () => (this.#pace.take(this.#now) ? undefined : "TOO_MANY"),
        prepare: () => prepareRequest(hosted, params, request),
        submit: (prepared, turn) => {
          if (isRefusal(prepared)) return turn.settle(failed(prepared.code, prepared.path, prepared.message));
          host.use();
          const call = toRoomCall({ ...request, inputHash, isRepeat }, prepared, params);
          const submitted = { call, member: line.id, bytes: sizeOfInput(input), admit: () => admit() ?? turn.blocks() };
          host.decider.submit(submitted, (reply) => turn.settle(reply));
        },
      });
    return isIdempotent ? decide() : this.#recent.once(`${room} ${callId}`, inputHash, decide);
  }

  /** Requests whose replies are large wait until the socket takes them; there is no queue for them here. */
  get #isFull(): boolean {
    const { directory, line } = this.#needs;
    return this.#asking >= directory.limits.queue.callsPerMember || line.unsentBytes > directory.limits.unsentBytes;
  }

  get #now(): number {
    return this.#needs.directory.clock.monotonic();
  }

  /** The function that it gives ends it. */
  #begin(id: number): (() => void) & { readonly cancellation: Cancellation } {
    const cancellation = new Cancellation();
    const running = (this.#running ??= new Map());
    running.set(id, cancellation);
    this.#runs++;
    const done = (): void => {
      // A later request may bear the same number.
      if (running.get(id) === cancellation) running.delete(id);
      if (--this.#runs > 0) return;
      for (const resolve of this.#settled?.splice(0) ?? []) resolve();
    };
    return Object.assign(done, { cancellation });
  }
}

/** What the peer is told of what was thrown. */
export function toCode(where: string, error: unknown): ErrorCode {
  report("error", { where, error });
  return error instanceof NexiosError && error.code === "UNAVAILABLE" ? "UNAVAILABLE" : "INTERNAL";
}
