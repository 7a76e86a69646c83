import type { Encoding } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import type { RoomBlocks, ToFrame } from "./block-cache.ts";

/** A part of what live members get, and where it leads. */
export interface LiveMessage {
  readonly message: Uint8Array | undefined;
  readonly from: Position;
  readonly to: Position;
}

/** What is due to who stands at `before`, and how it is written. */
interface LiveDue {
  readonly before: Position;
  readonly until: number;
  readonly encoding: Encoding;
  readonly toFrame: ToFrame;
  readonly limitBytes: number;
}

/** What live members get, in messages that are no larger than what may wait at a socket. */
export function toLiveMessages(blocks: RoomBlocks, { before, until, encoding, toFrame, limitBytes }: LiveDue): readonly LiveMessage[] {
  const messages: LiveMessage[] = [];
  for (let from = before; from.count < until;) {
    const block = blocks.after(from.count);
    const frames = block?.frames(from.count, until, encoding, toFrame, limitBytes, true) ?? [];
    const last = block?.entries[from.count + frames.length - block.first];
    // No longer in memory: all read it from the log.
    if (last === undefined) return [...messages, { message: undefined, from, to: from }];
    const to = { epoch: from.epoch, count: last.position, check: last.check };
    messages.push({ message: encoding.join(frames), from, to });
    from = to;
  }
  return messages;
}
