import type { Clock } from "../world/clock.ts";
import type { CallStorage } from "./call-storage.ts";

/** Calls wait so long for what was kept from before a reload. */
const loadMs = 2_000;

/** A storage that fails in silence, and that nobody waits for without end: either costs the keeping, never a call. */
export function toQuietStorage(storage: CallStorage, clock: Clock): CallStorage {
  return {
    async load(room) {
      const late = Promise.withResolvers<undefined>();
      const cancel = clock.after(loadMs, () => late.resolve(undefined));
      const calls = await Promise.race([attempt(() => storage.load(room)), late.promise]);
      cancel();
      return calls ?? [];
    },
    keep: (call) => void attempt(() => storage.keep(call)),
    forget: (callId) => void attempt(() => storage.forget(callId)),
  };
}

async function attempt<Result>(run: () => Result | Promise<Result>): Promise<Result | undefined> {
  try {
    return await run();
  } catch {
    // A full disk, or a browser that keeps nothing: there is nobody to tell.
    return undefined;
  }
}
