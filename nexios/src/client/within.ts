import type { Cancel, Clock } from "../world/clock.ts";

/** What `run` gives; `undefined` if it fails, or takes longer than `limitMs`. */
export async function within<Result>(clock: Clock, limitMs: number, run: () => Result | Promise<Result>): Promise<Result | undefined> {
  let cancel: Cancel | undefined;
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.after(limitMs, () => resolve(undefined));
  });
  try {
    return await Promise.race([run(), late]);
  } catch {
    // Who asks goes on without: there is nobody to tell.
    return undefined;
  } finally {
    cancel?.();
  }
}
