import type { ClientRoom, PendingCall, Settled } from "nexios/client";
import type { Outcome } from "nexios/contract";
import type { House, Line } from "../../../rooms/house.ts";
import type { NumberedLine, Transcript } from "./transcript.ts";
import type { Reading } from "./reading.ts";

/** Why a line was not taken, as the house says. */
type SayRefusal = Extract<Outcome<House, "say">, { readonly kind: "refused" }>;

/** Why a line does not stand in the talk. `failed`: with a code of the framework's. */
export type SayProblem = SayRefusal | { readonly kind: "failed"; readonly code: string };

/** A line that came back: it can be mended, sent again, or thrown away. */
export interface ReturnedLine {
  readonly id: string;
  readonly text: string;
  readonly problem: SayProblem;
}

/** A line that is on its way. */
export interface ExpectedLine extends NumberedLine {
  /** It is known to have left; it may have arrived. */
  readonly isSent: boolean;
}

/** The past that can be asked for. */
export interface Past {
  readonly kind: "more" | "asking" | "failed" | "end";
}

/** All that the chat shows. */
export interface TalkView {
  /** The room has been seen: what is not here does not exist. */
  readonly isKnown: boolean;
  readonly transcript: Transcript;
  readonly expected: readonly ExpectedLine[];
  readonly returned: readonly ReturnedLine[];
  readonly reading: Reading;
  readonly unread: number;
  readonly past: Past["kind"];
}

/** The room's lines that are only expected, with the calls that they are expected of: the calls whose entries have come stand first. */
export function toExpected({ state, confirmedState, pending }: ClientRoom<House>): readonly ExpectedLine[] {
  if (state === undefined || confirmedState === undefined) return [];
  const lines: readonly Line[] = state.lines.slice(state.lines.length - (state.count - confirmedState.count));
  const calls: readonly PendingCall[] = lines.length === 0 ? [] : pending.slice(-lines.length);
  return lines.map((line, index) => ({ ...line, number: confirmedState.count + 1 + index, isSent: calls[index]?.isSent === true }));
}

/** `undefined` for what was taken. */
export function toProblem(settled: Settled): SayProblem | undefined {
  switch (settled.kind) {
    case "refused":
      // The contract names these codes and their data, and the server has checked them.
      return { kind: "refused", code: settled.code, data: settled.value } as SayRefusal;
    case "failed":
      return { kind: "failed", code: settled.code };
    default:
      return undefined;
  }
}

/** The text of a call, of those from before a reload too. */
export function textOf(input: unknown): string {
  const { text } = Object(input) as { readonly text?: unknown };
  return typeof text === "string" ? text : "";
}
