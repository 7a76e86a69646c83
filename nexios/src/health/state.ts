/** `pass`: it works. `warn`: some checks have failed, or none has been answered yet. `fail`: it does not work. */
export type HealthStatus = "pass" | "warn" | "fail";

/** What one check came to. */
export interface Beat {
  /** When it was known, in milliseconds since 1970. */
  readonly atMs: number;
  readonly ok: boolean;
  /** How long the check took; of one that has not been answered, how long it has been under way. */
  readonly latencyMs: number;
  /** Why it has failed. */
  readonly error?: string;
}

/** How many checks in a row decide. */
export interface ProbeThresholds {
  readonly failAfter: number;
  readonly okAfter: number;
}

/** What is known of a probe. */
export interface ProbeState {
  readonly status: HealthStatus;
  /** Since when it has this status, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** It has been `pass` at some time: until then nobody knows whether it can work. */
  readonly hasPassed: boolean;
  /** Checks in a row; one of the two is 0. */
  readonly passes: number;
  readonly failures: number;
  /** The last ones, oldest first. */
  readonly beats: readonly Beat[];
  readonly lastError?: { readonly atMs: number; readonly message: string };
}

/** So many checks are remembered. */
export const rememberedBeats = 60;

/** A probe before its first check. `isProven`: what it asks has just been seen to work. */
export function newProbeState(atMs: number, isProven = false): ProbeState {
  return { status: isProven ? "pass" : "warn", sinceMs: atMs, hasPassed: isProven, passes: 0, failures: 0, beats: [] };
}

/** Takes in one check. */
export function stepProbe(state: ProbeState, beat: Beat, thresholds: ProbeThresholds): ProbeState {
  const passes = beat.ok ? state.passes + 1 : 0;
  const failures = beat.ok ? 0 : state.failures + 1;
  const status = statusAfter(state.status, passes, failures, thresholds);
  return {
    ...state,
    status,
    sinceMs: status === state.status ? state.sinceMs : beat.atMs,
    hasPassed: state.hasPassed || status === "pass",
    passes,
    failures,
    beats: [...state.beats, beat].slice(-rememberedBeats),
    ...(beat.error !== undefined && { lastError: { atMs: beat.atMs, message: beat.error } }),
  };
}

/** Whether a process may be sent work that needs what the probe asks. */
export function isUsable({ status, hasPassed }: ProbeState): boolean {
  return hasPassed && status !== "fail";
}

function statusAfter(before: HealthStatus, passes: number, failures: number, { failAfter, okAfter }: ProbeThresholds): HealthStatus {
  if (failures >= failAfter) return "fail";
  if (passes >= okAfter) return "pass";
  return before === "pass" && failures > 0 ? "warn" : before;
}
