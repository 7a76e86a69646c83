import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import type { NexiosError } from "../protocol/failure.ts";
import { toBackoffMs } from "./backoff.ts";
import type { RoomCore } from "./room-core.ts";
import type { KeptCall } from "./call-storage.ts";
import { hasReached } from "./has-reached.ts";
import type { Hub } from "./hub.ts";
import { newCallId } from "./new-call-id.ts";
import type { FrameOf } from "./received-frame.ts";
import type { Request } from "./request.ts";
import type { Place } from "./room-link.ts";
import type { RequestOptions } from "./room-types.ts";
import { toSendable } from "./sendable.ts";
import type { Session } from "./session.ts";
import { failed, type PendingCall, type Settled } from "./settled.ts";
import { createTimer } from "./timer.ts";

/** What requests tell their room. */
export interface RequestEvents {
  /** Which calls are pending, or what is expected of them, has changed. */
  readonly onChange: () => void;
  readonly onSettled: (call: PendingCall, settled: Settled) => void;
}

/** A room's calls and questions: kept over connections and reloads, sent again in order, and settled once. */
export interface RoomRequests {
  /** Calls that are not settled, in their order; the same array until it changes. */
  readonly pending: readonly Request[];
  /** Looks once for what was kept from before a reload: it goes first. */
  load(): void;
  /** Makes a call or a question. Rejects with an abort's reason, and for what has no JSON form. */
  make(kind: Request["kind"], name: string, input: unknown, options?: RequestOptions): Promise<Settled>;
  /** The client is in the room: what is open is sent, in order. What was kept of somebody else stays where it is kept. */
  begin(place: Place): void;
  /** The client is not in the room any more. */
  end(): void;
  /** The room stands elsewhere: what waited for that is settled. With a code the client may not come back: what was never sent fails, and of the rest nobody will tell. */
  advance(code?: ErrorCode): void;
  /** An entry of that call has come. */
  see(callId: string | undefined): void;
}

type Reply = FrameOf<"accepted" | "refused" | "answered" | "failed">;

export function createRoomRequests(hub: Hub, room: Pick<RoomCore, "name" | "position">, { onChange, onSettled }: RequestEvents): RoomRequests {
  const { world, limits, storage } = hub;
  const { clock } = world;
  const retry = createTimer(clock);
  let open = new Set<Request>();
  let pending: readonly Request[] | undefined;
  let isLoading = false;
  let hasLoaded = !storage;
  let place: Place | undefined;
  let lastSession: Session | undefined;
  let failures = 0;

  const isClosed = (): boolean => hub.status.kind === "closed";
  const me = (): string | undefined => hub.status.user?.id;

  function take(calls: readonly KeptCall[]): void {
    hasLoaded = true;
    const added = open;
    open = new Set();
    for (const call of calls) {
      // It was made by this page, before it looked.
      if ([...added].some(({ callId }) => callId === call.callId)) continue;
      add({ ...call, kind: "call", bytes: toOwn(call.input)[1], isKept: true, isSent: true, onSettled() {} });
    }
    for (const request of added) open.add(request);
    advance();
  }

  function add(given: Omit<Request, "isHeld" | "id" | "reply" | "isSeen" | "cancel">): Request {
    const cancel = clock.after(given.deadlineAt - clock.now(), () => expire(request));
    const request: Request = { ...given, isHeld: true, id: undefined, reply: undefined, isSeen: false, cancel };
    open.add(request);
    hub.count(request, 1);
    changed();
    return request;
  }

  /** Tells its outcome, once: none of what is only forgotten here. What the server has not answered is not to be decided any more. */
  function settle(request: Request, settled?: Settled): void {
    if (!open.delete(request)) return;
    const { id, reply, callId } = request;
    request.cancel();
    hub.count(request, -1);
    changed();
    if (!settled) return;
    if (id && !reply) lastSession?.send({ kind: "cancel", id });
    // What a client leaves open when it is closed stays where it is kept.
    if (reply || !isClosed()) storage?.forget(callId);
    if (callId) onSettled(request, settled);
    request.onSettled(settled);
  }

  /** Nobody will tell any more what came of it. */
  function expire(request: Request, code: ErrorCode = "UNAVAILABLE"): void {
    settle(request, request.reply ?? failed(request.isSent && !isClosed() ? "UNKNOWN_OUTCOME" : code));
  }

  /** Goes on with each request, as far as it can be gone on with now. @param code Why none of them can be, any more. */
  function advance(code?: ErrorCode): void {
    // Who hears of an outcome may make another.
    for (const request of new Set(open)) {
      const { reply, isHeld, isKept, deadlineAt } = request;
      const userId = me() ?? request.userId;
      const isForeign = userId !== (request.userId ?? userId);
      // What was kept of somebody else stays where it is kept; what this page has made for them has nobody to be sent for.
      if (isForeign && isKept) settle(request);
      // While a machine sleeps, its timers may too. What is under way has its timer alone: a step of the wall clock ends nothing.
      else if (code || isForeign || (isHeld && deadlineAt <= clock.now())) expire(request, code);
      else if (reply) {
        if (reply.kind !== "accepted" || hasReached(room.position, reply.position)) settle(request, reply);
      }
      // While one waits to be sent again, a later one would only fail like it.
      else if (place && hasLoaded && isHeld && open.has(request) && !retry.isSet) send(request, place);
    }
  }

  function send(request: Request, { session, room: number }: Place): void {
    const { kind, name, input, isSent: isRepeat } = request;
    // A call that was never sent, and that the server's clock would take for one of another time, gets another id.
    const aheadMs = 30_000;
    const oldMs = 43_200_000;
    const now = hub.clock.now();
    const age = now - request.madeAt;
    if (request.callId && !isRepeat && (age < -aheadMs || age > oldMs)) {
      storage?.forget(request.callId);
      request.callId = newCallId(now, world);
      keep(request);
    }
    try {
      const asked = { room: number, name, input };
      request.id = session.ask<Reply["kind"]>(
        kind === "ask" ? { kind, ...asked } : { kind, ...asked, callId: request.callId, isRepeat },
        (frame) => onReply(request, session, frame),
        request.id,
      );
    } catch (error) {
      // It is too large, or no frame at all.
      const { code = "INVALID_MESSAGE", message } = error as Partial<NexiosError>;
      request.id = undefined;
      return settle(request, failed(code, message));
    }
    request.isHeld = false;
    if (request.userId !== me()) {
      request.userId = me();
      keep(request);
    }
    if (isRepeat) return;
    request.isSent = true;
    changed();
  }

  /** True while another reply is awaited. */
  function onReply(request: Request, session: Session, frame: Reply): boolean {
    const isFailed = frame.kind === "failed";
    // A failure may be that of a room which the client was out of: there it is sent again.
    const isPast = isFailed && (request.id !== frame.id || place?.session !== session);
    if (isPast || request.reply || !open.has(request)) return false;
    // Sent again with all that failed with it: the room takes no later one before it.
    if (isFailed && (isRetryable(frame.code) || frame.code === "CANCELLED")) {
      request.isHeld = true;
      if (!retry.isSet) retry.set((frame.retryAfterMs ?? 0) + toBackoffMs(failures++, hub), advance);
      return true;
    }
    failures = 0;
    request.reply = frame;
    advance();
    return false;
  }

  function keep({ callId, name, input, madeAt, isSent, deadlineAt }: Request): void {
    if (callId) storage?.keep({ room: room.name, callId, name, input, madeAt, isSent, deadlineAt, userId: me() });
  }

  function changed(): void {
    pending = undefined;
    onChange();
  }

  return {
    get pending() {
      return (pending ??= [...open].filter(({ callId }) => callId));
    },
    load() {
      if (!isLoading) void storage?.load(room.name).then(take);
      isLoading = true;
    },
    async make(kind, name, given, { signal, deadlineMs = limits.deadlineMs, callId } = {}) {
      signal?.throwIfAborted();
      if (!(deadlineMs > 0)) throw new TypeError(`No deadline: ${deadlineMs}`);
      const [input, bytes] = toOwn(given);
      const refusal = hub.refuses(bytes);
      if (refusal) return failed(refusal);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          // The caller's own reason, whatever it is.
          reject(signal?.reason as Error);
          settle(request, failed("CANCELLED"));
        };
        const madeAt = hub.clock.now();
        const request = add({
          kind,
          name,
          input,
          bytes,
          madeAt,
          onSettled(settled) {
            signal?.removeEventListener("abort", onAbort);
            resolve(settled);
          },
          callId: kind === "call" ? (callId ?? newCallId(madeAt, world)) : "",
          deadlineAt: clock.now() + deadlineMs,
          userId: me(),
          isKept: false,
          isSent: callId !== undefined,
        });
        keep(request);
        // Who heard that it is pending may have given it up.
        if (signal?.aborted) onAbort();
        else signal?.addEventListener("abort", onAbort);
        advance();
      });
    },
    begin(at) {
      place = at;
      const { session } = at;
      for (const request of open) {
        if (request.reply) continue;
        // What was asked for over this connection before has not reached the room, or will come to nothing: no later call must wait for it.
        if (lastSession === session && request.id) session.send({ kind: "cancel", id: request.id });
        request.id = undefined;
        request.isHeld = true;
      }
      lastSession = session;
      advance();
    },
    end() {
      retry.stop();
      place = undefined;
    },
    advance,
    see(callId) {
      for (const request of open) request.isSeen ||= request.callId === callId;
    },
  };
}

/** An input as it is now, and its size in bytes, about. @throws TypeError for what has no JSON form */
function toOwn(input: unknown): ReturnType<typeof toSendable> {
  return input instanceof Uint8Array ? [new Uint8Array(input), input.length] : toSendable(input);
}
