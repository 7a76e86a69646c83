import type { Settled } from "../client/settled.ts";
import type { ServerFrame } from "../protocol/frame.ts";

/** A frame that answers a request. */
export type ReplyFrame = Extract<ServerFrame, { readonly id: number }>;

/** A call, and all that became of it, as it was seen on the wire and told to whoever made it. */
export interface CallRecord {
  readonly name: string;
  readonly callId: string;
  /** All that came, of calls that were sent again too. */
  readonly replies: ReplyFrame[];
  /** Over how many connections it was sent. */
  connections: number;
  /** What its caller was told. */
  settled: Settled | undefined;
}
