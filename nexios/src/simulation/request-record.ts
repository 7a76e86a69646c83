import type { ReplyFrame } from "./device-line.ts";

/** What a call or a question came to, for its device. `unknown`: nobody has told in time. */
export type Settled = Extract<ReplyFrame, { readonly kind: "accepted" | "refused" | "answered" | "failed" }> | { readonly kind: "unknown" };

/** A call or a question, and all that became of it. */
export interface RequestRecord {
  readonly kind: "call" | "ask";
  readonly name: string;
  readonly input: unknown;
  /** Empty for a question. */
  readonly callId: string;
  readonly madeAtMs: number;
  /** All that came, of calls that were sent again too. */
  readonly replies: ReplyFrame[];
  /** Over how many connections it was sent. */
  connections: number;
  settled: Settled | undefined;
  settledAtMs: number | undefined;
}

/** A request that is being made. */
export interface NewRequest {
  readonly kind: "call" | "ask";
  readonly name: string;
  readonly input: unknown;
  /** Drawn unless given: another tab of the same user sends the same call. */
  readonly callId?: string;
  /** It is sent a second time, so much later. */
  readonly againAfterMs?: number;
  readonly onSettled?: (settled: Settled) => void;
}
