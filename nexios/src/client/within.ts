import type { Clock } from "../world/clock.ts";

/** What `run` gives; `undefined` if it fails, or takes longer than `limitMs`. */
export async function within<Result>(clock: Clock, limitMs: number, run: () => Result | Promise<Result>): Promise<Result | undefined> {
  const late = Promise.withResolvers<undefined>();
  const cancel = clock.after(limitMs, () => late.resolve(undefined));
  try {
    return await Promise.race([run(), late.promise]);
  } catch {
    // Who asks goes on without: there is nobody to tell.
    return undefined;
  } finally {
    cancel();
  }
}
