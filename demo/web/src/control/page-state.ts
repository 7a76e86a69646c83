import type { LineState } from "../people/line-state.ts";

/** What the person sees. */
export type PageState = "loading" | "live" | "stale" | "disconnected" | "refused" | "paused";

/** What decides it. */
export interface PageFacts {
  readonly line: LineState;
  readonly isRefused: boolean;
  readonly isHeld: boolean;
  readonly stepMs: number;
  /** How old the newest step is; `undefined` before there is one. */
  readonly ageMs: number | undefined;
}

/** So many steps may be missing before the numbers are old. */
const staleSteps = 3;

/** Pure. A line that is lost for good, or for more than two seconds, makes all that is shown a thing of the past; a held page knows that it is one. */
export function toPageState({ line, isRefused, isHeld, stepMs, ageMs }: PageFacts): PageState {
  if (isRefused || line === "refused") return "refused";
  if (line !== "live" && line !== "connecting") return "disconnected";
  if (isHeld) return "paused";
  if (ageMs === undefined) return "loading";
  return isStale(ageMs, stepMs) ? "stale" : "live";
}

export function isStale(ageMs: number, stepMs: number): boolean {
  return ageMs > staleSteps * stepMs;
}
