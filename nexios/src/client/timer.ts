import type { Cancel, Clock } from "../world/clock.ts";

/** One alarm at most. */
export interface Timer {
  readonly isSet: boolean;
  /** Runs `fire` once, `delayMs` from now, in place of what it was set to before. */
  readonly set: (delayMs: number, fire: () => void) => void;
  readonly stop: () => void;
}

/** A timer that is not set. */
export function createTimer(clock: Clock): Timer {
  let cancel: Cancel | undefined;
  function stop(): void {
    cancel?.();
    cancel = undefined;
  }
  return {
    get isSet() {
      return cancel !== undefined;
    },
    set(delayMs, fire) {
      stop();
      cancel = clock.after(delayMs, () => {
        cancel = undefined;
        fire();
      });
    },
    stop,
  };
}
