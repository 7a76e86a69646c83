import type { Cancel } from "../world/clock.ts";
import type { PendingCall, Settled } from "./settled.ts";

/** A call or a question of a room, from its making to its outcome. */
export interface Request extends PendingCall {
  /** Empty: it is a question. */
  callId: string;
  isSent: boolean;
  readonly kind: "call" | "ask";
  readonly bytes: number;
  /** By the machine's wall clock. */
  readonly deadlineAt: number;
  /** It is from before a reload. */
  readonly isKept: boolean;
  /** Whose it is, as soon as that is known: it is never sent for anybody else. */
  userId: string | undefined;
  readonly onSettled: (settled: Settled) => void;
  /** It is to be sent. */
  isHeld: boolean;
  /** Of the present connection. */
  id: number | undefined;
  reply: Settled | undefined;
  /** Its entry has come: it is not expected any more. */
  isSeen: boolean;
  cancel: Cancel;
}
