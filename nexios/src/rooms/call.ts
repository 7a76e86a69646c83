import type { RoomUser } from "../contract/serve-options.ts";
import type { RoomParams } from "../contract/hosted-room.ts";
import type { Millis } from "../log/log.ts";
import type { ErrorCode } from "../protocol/codes.ts";

/** A call on its way to its room's log: its input has been checked, what needs I/O has been prepared. */
export interface RoomCall {
  readonly name: string;
  readonly input: unknown;
  /** Tells another input under the same id. */
  readonly inputHash: string;
  readonly user: RoomUser;
  readonly params: RoomParams;
  readonly callId: string;
  /** The one time that it is judged by, in the store's time. */
  readonly receivedAt: Millis;
  readonly prepared: unknown;
  /** The caller has sent it before, and was not answered. */
  readonly isRepeat: boolean;
}

/** Where a room stood when a call had been decided, as members count. */
interface ReplyPosition {
  readonly epoch: string;
  readonly count: number;
  readonly check: number;
}

/** What a caller is told, once. */
export type CallReply =
  | { readonly kind: "accepted"; readonly result: Uint8Array | undefined; readonly position: ReplyPosition }
  | { readonly kind: "refused"; readonly code: string; readonly data: Uint8Array | undefined; readonly position: ReplyPosition }
  /** Nothing was decided. After UNAVAILABLE nobody knows: the same id tells. */
  | { readonly kind: "failed"; readonly code: ErrorCode };

/** A reply that the log remembers. */
export type DecidedReply = Exclude<CallReply, { readonly kind: "failed" }>;

/** Under which a call's outcome is remembered in its room: nobody finds another user's. */
export function outcomeKey({ user, callId }: Pick<RoomCall, "user" | "callId">): string {
  return `${user.id.length}:${user.id}:${callId}`;
}

interface StoredReply {
  readonly kind: "accepted" | "refused";
  readonly code?: string;
  /** The result, or the refusal's data. */
  readonly value?: unknown;
  readonly count: number;
  readonly check: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeReply(reply: DecidedReply): Uint8Array {
  const value = reply.kind === "accepted" ? reply.result : reply.data;
  const { count, check } = reply.position;
  const stored: StoredReply = {
    kind: reply.kind,
    ...(reply.kind === "refused" && { code: reply.code }),
    ...(value !== undefined && { value: JSON.parse(decoder.decode(value)) as unknown }),
    count,
    check,
  };
  return encoder.encode(JSON.stringify(stored));
}

/** The same reply again; `epoch` is that of the log that remembered it. */
export function decodeReply(bytes: Uint8Array, epoch: string): DecidedReply {
  // Written by `encodeReply`, and kept whole by the log.
  const { kind, code = "", value, count, check } = JSON.parse(decoder.decode(bytes)) as StoredReply;
  const encoded = value === undefined ? undefined : encoder.encode(JSON.stringify(value));
  const position = { epoch, count, check };
  return kind === "accepted" ? { kind, result: encoded, position } : { kind, code, data: encoded, position };
}
