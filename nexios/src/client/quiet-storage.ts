import type { Clock } from "../world/clock.ts";
import type { CallStorage } from "./call-storage.ts";
import { within } from "./within.ts";

/** A storage that fails in silence, and that nobody waits for without end: either costs the keeping, never a call. */
export function toQuietStorage(storage: CallStorage, clock: Clock): CallStorage {
  // Calls wait so long for what was kept from before a reload.
  const patienceMs = 2_000;
  const attempt = <Result>(run: () => Result | Promise<Result>): Promise<Result | undefined> => within(clock, patienceMs, run);
  return {
    load: async (room) => (await attempt(() => storage.load(room))) ?? [],
    keep: (call) => void attempt(() => storage.keep(call)),
    forget: (callId) => void attempt(() => storage.forget(callId)),
  };
}
