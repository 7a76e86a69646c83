import type { Answered } from "../contract/decided.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import type { RoomParams } from "../contract/hosted-room.ts";
import type { Millis } from "../log/log.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import { BytePool } from "../protocol/byte-pool.ts";
import { type Position, toMemberPosition } from "../protocol/position.ts";
import { toUtf8 } from "../protocol/utf8.ts";

/** A call on its way to its room's log: its input has been checked, what needs I/O has been prepared. */
export interface RoomCall {
  readonly kind: "call";
  readonly name: string;
  readonly input: unknown;
  /** Tells another input under the same id. */
  readonly inputHash: string;
  readonly user: RoomUser;
  readonly params: RoomParams;
  readonly callId: string;
  /** The one time that it is judged by, in the store's time. */
  readonly receivedAt: Millis;
  /** How far that may be wrong, where it is more than rooms may judge by. */
  readonly unsureMs?: number;
  readonly prepared: unknown;
  /** The caller has sent it before, and was not answered. */
  readonly isRepeat: boolean;
}

/** The call that a room makes to itself when its time has come; the log says whether it still is to be made. */
export interface Wake {
  readonly kind: "wake";
  readonly wakeAt: Millis;
}

/** What a caller is told, once. */
export type CallReply =
  | { readonly kind: "accepted"; readonly result: Uint8Array | undefined; readonly position: Position }
  | { readonly kind: "refused"; readonly code: string; readonly data: Uint8Array | undefined; readonly position: Position }
  /** Nothing was decided. After UNAVAILABLE nobody knows: the same id tells. */
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly path?: string; readonly message?: string };

/** Nothing was decided. */
type Failed = Extract<CallReply, { readonly kind: "failed" }>;

/** A reply that the log remembers. */
export type DecidedReply = Exclude<CallReply, Failed>;

/** What who asks a question is told. */
export type AskReply = Answered | Failed;

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

const decoder = new TextDecoder();
/** They are kept for as long as outcomes are. */
const outcomes = new BytePool();

/** A `StoredReply`. Results and data are JSON already. */
export function encodeReply(reply: DecidedReply): Uint8Array {
  const value = reply.kind === "accepted" ? reply.result : reply.data;
  const { count, check } = reply.position;
  const code = reply.kind === "refused" ? `,"code":${JSON.stringify(reply.code)}` : "";
  const content = value === undefined ? "" : `,"value":${decoder.decode(value)}`;
  return toUtf8(`{"kind":"${reply.kind}"${code}${content},"count":${count},"check":${check}}`, outcomes);
}

/** The same reply again; `epoch` is that of the log that remembered it. */
export function decodeReply(bytes: Uint8Array, epoch: string): DecidedReply {
  // Written by `encodeReply`, and kept whole by the log.
  const { kind, code = "", value, count, check } = JSON.parse(decoder.decode(bytes)) as StoredReply;
  const encoded = value === undefined ? undefined : toUtf8(JSON.stringify(value));
  const position = toMemberPosition(epoch, count, check);
  return kind === "accepted" ? { kind, result: encoded, position } : { kind, code, data: encoded, position };
}

/** `path`: where in the input; `message`: our own sentence, where it says more than the code. */
export function failed(code: ErrorCode, path?: string, message?: string): Failed {
  return { kind: "failed", code, ...(path !== undefined && { path }), ...(message !== undefined && { message }) };
}
