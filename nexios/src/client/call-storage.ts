import type { PendingCall } from "./settled.ts";

/** A call as it is kept over a reload. */
export interface KeptCall extends PendingCall {
  readonly room: string;
  /** Whose it is: never sent for anybody else. `undefined`: it was made before the client was told who it is. */
  readonly userId: string | undefined;
  /** By the machine's wall clock. */
  readonly deadlineAt: number;
}

/** Where calls that are not settled outlive the page. What fails here costs the keeping, never the call. */
export interface CallStorage {
  /** Those of a room, in the order in which they were made. */
  load(room: string): Promise<readonly KeptCall[]>;
  /** Keeps a call, or what has become of it: the call id tells which. */
  keep(call: KeptCall): void;
  forget(callId: string): void;
}
