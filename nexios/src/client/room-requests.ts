import type { ErrorCode } from "../protocol/codes.ts";
import { isRetryable } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Position } from "../protocol/position.ts";
import type { Cancel } from "../world/clock.ts";
import type { KeptCall } from "./call-storage.ts";
import type { Hub } from "./hub.ts";
import { newCallId } from "./new-call-id.ts";
import type { ReplyFrame } from "./received-frame.ts";
import type { Request } from "./request.ts";
import type { RequestOptions } from "./room-types.ts";
import { toSendableJson } from "./sendable.ts";
import type { Session } from "./session.ts";
import { failed, type PendingCall, type Settled } from "./settled.ts";

/** What requests need of their room. */
export interface RequestRoom {
  readonly name: string;
  /** Whether the room stands at or past a position. */
  hasReached(position: Position): boolean;
  /** Which calls are pending, or what is expected of them, has changed. */
  onRequests(): void;
  onOutcome(call: PendingCall, settled: Settled): void;
}

/** A call that was never sent, and that the server's clock would take for one of another time, gets another id. */
const aheadMs = 30_000;
const oldMs = 43_200_000;

/** A room's calls and questions: kept over connections and reloads, sent again in order, and settled once. */
export class RoomRequests {
  readonly #hub: Hub;
  readonly #room: RequestRoom;
  #open: Request[] = [];
  #pending: readonly Request[] | undefined;
  /** What was kept from before a reload: not looked for yet, looked for, or here. It goes first. */
  #kept: "unknown" | "loading" | "here" = "unknown";
  #at: { readonly session: Session; readonly room: number } | undefined;
  #session: Session | undefined;
  #cancelRetry: Cancel | undefined;
  #failures = 0;

  constructor(hub: Hub, room: RequestRoom) {
    this.#hub = hub;
    this.#room = room;
  }

  /** Calls that are not settled, in their order; the same array until it changes. */
  get pending(): readonly Request[] {
    return (this.#pending ??= this.#open.filter(({ kind }) => kind === "call"));
  }

  /** Looks once for what was kept from before a reload. */
  load(): void {
    if (this.#kept !== "unknown") return;
    this.#kept = "loading";
    const take = (calls: readonly KeptCall[]): void => {
      this.#kept = "here";
      const added = this.#open;
      this.#open = [];
      for (const { callId, name, input, madeAt, deadlineAt, userId } of calls) {
        // It was made by this page, before it looked.
        if (added.some((request) => request.callId === callId)) continue;
        const leftMs = deadlineAt - this.#hub.world.clock.now();
        const facts = { kind: "call", bytes: sizeOf(input), isKept: true, isSent: true, onSettled: () => {} } as const;
        this.#add({ callId, name, input, madeAt, deadlineAt, userId, ...facts }, leftMs);
      }
      this.#open.push(...added);
      this.#sift();
      this.#send();
    };
    const { storage } = this.#hub;
    if (storage === undefined) take([]);
    else void storage.load(this.#room.name).then(take);
  }

  /** Makes a call or a question. Rejects with an abort's reason, and for what has no JSON form. */
  async make(kind: Request["kind"], name: string, input: unknown, options: RequestOptions = {}): Promise<Settled> {
    const { signal, deadlineMs = this.#hub.limits.deadlineMs, callId } = options;
    signal?.throwIfAborted();
    if (!(deadlineMs > 0)) throw new TypeError(`A deadline is above 0 ms, not ${deadlineMs}`);
    const bytes = sizeOf(input);
    const refusal = this.#hub.refuses(bytes);
    if (refusal !== undefined) return failed(refusal);
    return new Promise((resolve, reject) => {
      const madeAt = this.#hub.clock.now();
      const deadlineAt = this.#hub.world.clock.now() + deadlineMs;
      const userId = this.#hub.status.user?.id;
      const onAbort = (): void => {
        // The caller's own reason, whatever it is.
        reject(signal?.reason as Error);
        this.#settle(request, failed("CANCELLED"));
      };
      const onSettled = (settled: Settled): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve(settled);
      };
      const facts = { kind, name, input, bytes, madeAt, deadlineAt, userId, isKept: false, isSent: callId !== undefined, onSettled };
      const request = this.#add({ ...facts, callId: callId ?? (kind === "call" ? newCallId(madeAt, this.#hub.world) : "") }, deadlineMs);
      signal?.addEventListener("abort", onAbort);
      this.#keep(request);
      this.#send();
    });
  }

  /** The client is in the room: what is open is sent, in order. What was kept of somebody else stays where it is kept. */
  begin(session: Session, room: number): void {
    this.#sift();
    this.#at = { session, room };
    for (const request of this.#open) {
      // What was asked for over this connection before has not reached the room, or will come to nothing: no later call must wait for it.
      if (this.#session === session && request.id !== undefined && request.reply === undefined) session.send({ kind: "cancel", id: request.id });
      request.id = undefined;
      if (request.state === "sent") request.state = "held";
    }
    this.#session = session;
    this.#send();
  }

  /** The client is not in the room any more. */
  end(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#at = undefined;
  }

  /** The client may not come back: what was never sent fails, and of the rest nobody will tell. */
  fail(code: ErrorCode): void {
    const isClosed = code === "CONNECTION_CLOSED";
    for (const request of this.#open) this.#settle(request, request.reply ?? failed(request.isSent && !isClosed ? "UNKNOWN_OUTCOME" : code));
  }

  /** The room stands elsewhere: what waited for that is settled. */
  moved(): void {
    for (const request of this.#open) this.#settleIfReached(request);
  }

  /** An entry of that call has come. */
  see(callId: string): void {
    for (const request of this.#open) request.isSeen ||= request.callId === callId;
  }

  #add(given: Omit<Request, "state" | "id" | "reply" | "isSeen" | "cancelDeadline">, deadlineMs: number): Request {
    const cancelDeadline = this.#hub.world.clock.after(deadlineMs, () => this.#expire(request));
    const request: Request = { ...given, state: "held", id: undefined, reply: undefined, isSeen: false, cancelDeadline };
    this.#open.push(request);
    this.#hub.count(request.kind === "call", request.bytes, 1);
    this.#changed();
    return request;
  }

  /** Tells its outcome, once. What the server has not answered is not to be decided any more. */
  #settle(request: Request, settled: Settled): void {
    if (request.state === "settled") return;
    const { id, reply, kind } = request;
    if (id !== undefined && reply === undefined) this.#at?.session.send({ kind: "cancel", id });
    this.#drop(request);
    // What a client leaves open when it is closed stays where it is kept.
    if (settled.kind !== "failed" || settled.code !== "CONNECTION_CLOSED") this.#hub.storage?.forget(request.callId);
    if (kind === "call") this.#room.onOutcome(request, settled);
    request.onSettled(settled);
  }

  #drop(request: Request): void {
    request.cancelDeadline();
    request.state = "settled";
    this.#open = this.#open.filter((open) => open !== request);
    this.#hub.count(request.kind === "call", request.bytes, -1);
    this.#changed();
  }

  #isOthers({ userId }: Request): boolean {
    const { user } = this.#hub.status;
    return userId !== undefined && user !== undefined && userId !== user.id;
  }

  /** What was kept of somebody else stays where it is kept; what this page has made for them has nobody to be sent for. */
  #sift(): void {
    for (const request of this.#open) {
      if (!this.#isOthers(request)) continue;
      if (request.isKept) this.#drop(request);
      else this.#expire(request);
    }
  }

  /** Nobody will tell any more what came of it. */
  #expire(request: Request): void {
    this.#settle(request, request.reply ?? failed(request.isSent ? "UNKNOWN_OUTCOME" : "UNAVAILABLE"));
  }

  /** While one waits to be sent again, a later one would only fail like it. */
  #send(): void {
    const at = this.#at;
    if (at === undefined || this.#kept !== "here" || this.#cancelRetry !== undefined) return;
    for (const request of this.#open) {
      // While a machine sleeps, its timers may too.
      if (request.deadlineAt <= this.#hub.world.clock.now()) this.#expire(request);
      else if (request.state === "held") this.#sendOne(request, at);
    }
  }

  #sendOne(request: Request, { session, room }: { readonly session: Session; readonly room: number }): void {
    const { kind, name, input } = request;
    const age = this.#hub.clock.now() - request.madeAt;
    if (kind === "call" && !request.isSent && (age < -aheadMs || age > oldMs)) {
      this.#hub.storage?.forget(request.callId);
      request.callId = newCallId(this.#hub.clock.now(), this.#hub.world);
      this.#keep(request);
    }
    const id = (request.id ??= session.newId((frame) => this.#take(request, session, frame)));
    const { callId, isSent: isRepeat } = request;
    try {
      session.send(kind === "ask" ? { kind, id, room, name, input } : { kind, id, room, name, input, callId, isRepeat });
      request.state = "sent";
      const userId = this.#hub.status.user?.id;
      if (request.userId !== userId) {
        request.userId = userId;
        this.#keep(request);
      }
      if (isRepeat) return;
      request.isSent = true;
      this.#changed();
    } catch (error) {
      request.id = undefined;
      session.forget(id);
      this.#settle(request, error instanceof NexiosError ? failed(error.code, error.message) : failed("INVALID_MESSAGE", String(error)));
    }
  }

  #take(request: Request, session: Session, frame: ReplyFrame): void {
    if (request.state === "settled" || request.reply !== undefined) return session.forget(frame.id);
    if (frame.kind === "failed") {
      // It may be that of a room which the client was out of: there it is sent again.
      if (request.id !== frame.id || this.#at?.session !== session) return session.forget(frame.id);
      if (isRetryable(frame.code) || frame.code === "CANCELLED") return this.#later(request, frame.retryAfterMs ?? 0);
    }
    if (frame.kind === "joined" || frame.kind === "renewed" || frame.kind === "history") return;
    session.forget(frame.id);
    this.#failures = 0;
    request.reply = frame;
    request.state = "replied";
    this.#settleIfReached(request);
  }

  /** Sent again with all that failed with it: the room takes no later one before it. */
  #later(request: Request, afterMs: number): void {
    request.state = "held";
    this.#cancelRetry ??= this.#hub.world.clock.after(afterMs + this.#hub.backoffMs(this.#failures++), () => {
      this.#cancelRetry = undefined;
      this.#send();
    });
  }

  #settleIfReached(request: Request): void {
    const { reply } = request;
    if (reply !== undefined && (reply.kind !== "accepted" || this.#room.hasReached(reply.position))) this.#settle(request, reply);
  }

  #keep({ kind, callId, name, input, madeAt, isSent, deadlineAt }: Request): void {
    const room = this.#room.name;
    if (kind === "call") this.#hub.storage?.keep({ room, callId, name, input, madeAt, isSent, deadlineAt, userId: this.#hub.status.user?.id });
  }

  #changed(): void {
    this.#pending = undefined;
    this.#room.onRequests();
  }
}

/** In bytes, about. @throws TypeError for what has no JSON form */
function sizeOf(input: unknown): number {
  return input instanceof Uint8Array ? input.length : (toSendableJson(input) ?? "").length;
}
