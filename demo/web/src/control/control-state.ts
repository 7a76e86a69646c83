import type { LineStatus } from "../line/line.ts";
import { fold } from "./fold.ts";
import type { ServerMessage, Snapshot } from "./frame.ts";

/** A snapshot and when it reached this browser, in the browser's time. */
export interface Arrived {
  readonly snapshot: Snapshot;
  readonly at: number;
  /** Shown again from an earlier visit of this tab, until the server has spoken. */
  readonly isRemembered?: boolean;
}

export interface ControlState {
  readonly line: LineStatus;
  readonly newest: Arrived | undefined;
  /** What is held on the screen while newer frames are collected behind it. */
  readonly held: Arrived | undefined;
}

export type ControlAction =
  | { readonly kind: "line"; readonly status: LineStatus }
  | { readonly kind: "message"; readonly message: ServerMessage; readonly at: number }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" };

export function controlReducer(state: ControlState, action: ControlAction): ControlState {
  switch (action.kind) {
    case "line":
      return { ...state, line: action.status };
    case "message": {
      const { message, at } = action;
      if (message.kind === "initial") return { ...state, newest: { snapshot: message.snapshot, at } };
      if (state.newest === undefined || state.newest.isRemembered) return state;
      return { ...state, newest: { snapshot: fold(state.newest.snapshot, message.frame), at } };
    }
    case "pause":
      return { ...state, held: state.newest };
    case "resume":
      return { ...state, held: undefined };
  }
}

export type PageState = "loading" | "live" | "stale" | "reconnecting" | "offline" | "refused" | "paused";

const staleAfterMs = 3_000;
const quietMs = 2_000;

/** What the person sees. A line that is lost for less than two seconds is nobody's business yet. */
export function toPageState(state: ControlState, now: number, isOnline: boolean): PageState {
  const { line, newest, held } = state;
  if (line.kind === "refused") return "refused";
  if (line.kind !== "open" && now - line.since >= quietMs) return isOnline ? "reconnecting" : "offline";
  if (held !== undefined) return "paused";
  if (newest === undefined || newest.isRemembered) return "loading";
  return now - newest.at >= staleAfterMs ? "stale" : "live";
}
