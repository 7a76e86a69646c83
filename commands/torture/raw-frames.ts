import type { Condition, Marked, Showing, Tally } from "./torture-room.ts";

/** A place in a room as it travels: epoch, count, check. */
export type RawPosition = readonly [epoch: string, count: number, check: number];

/** What a server may send, as far as a run needs it. */
export type RawServerFrame =
  | { readonly t: "o" | "t" | "other" }
  | { readonly t: "j"; readonly i: number; readonly r: number; readonly w?: string }
  | { readonly t: "s"; readonly r: number; readonly p: RawPosition; readonly w: string; readonly d: Tally }
  | { readonly t: "e"; readonly r: number; readonly c: number; readonly k: number; readonly g?: string; readonly q?: string; readonly d: Marked }
  | { readonly t: "a"; readonly i: number; readonly p: RawPosition; readonly d: Marked }
  | { readonly t: "r"; readonly i: number; readonly e: string }
  | { readonly t: "f"; readonly i: number; readonly e: string; readonly y?: number }
  | { readonly t: "l"; readonly r: number; readonly e: string }
  | { readonly t: "p"; readonly r: number; readonly c: number; readonly l?: readonly RawPerson[] }
  | { readonly t: "d"; readonly r: number; readonly x?: readonly string[]; readonly l?: readonly RawPerson[] }
  /** Without a room: a whole message was not taken. */
  | { readonly t: "x"; readonly r?: number; readonly e: string };

/** Who is in a room: the user's id, and what the user shows. */
interface RawPerson {
  readonly u: string;
  readonly d: Showing;
}

/** What a run sends. */
export type RawClientFrame =
  | { readonly t: "o"; readonly token: string; readonly client: string }
  | { readonly t: "t"; readonly sentAt: number }
  | { readonly t: "j"; readonly i: number; readonly r: string; readonly v: 1; readonly p?: RawPosition; readonly d?: Showing }
  | { readonly t: "c"; readonly i: number; readonly r: number; readonly n: "append"; readonly q: string; readonly isRepeat?: 1; readonly d: RawInput };

/** The input of an append. */
export interface RawInput {
  readonly mark: string;
  readonly when: Condition;
}

const known = new Set(["o", "t", "j", "s", "e", "a", "r", "f", "l", "p", "d", "x"]);

/** One message of a server, by a reading of its own: what the framework's decoder does wrong is not done here too. @throws Error for what this room's frames never are */
export function readFrames(message: string): readonly RawServerFrame[] {
  return message.split("\n").map((line): RawServerFrame => {
    const frame = JSON.parse(line) as RawServerFrame & { readonly b?: string; readonly o?: number };
    if (!known.has(frame.t)) return { t: "other" };
    // Small states and plain JSON come whole and as JSON.
    if (frame.b !== undefined || (frame.t === "s" && frame.o !== 1)) throw new Error(`A frame of bytes, or in parts: ${line}`);
    return frame;
  });
}

/** Frames as one message. */
export function writeFrames(frames: readonly RawClientFrame[]): string {
  return frames.map((frame) => JSON.stringify(frame)).join("\n");
}

/** Whether a failed call is sent again as it is. */
export function isRetryable(code: string): boolean {
  return code === "UNAVAILABLE" || code === "OVERLOADED" || code === "CONFLICT" || code === "TOO_MANY";
}
