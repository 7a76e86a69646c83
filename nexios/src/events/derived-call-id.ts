import { createHash } from "node:crypto";
import { toCallId } from "../protocol/call-id.ts";

/** Calls are remembered for a day: the id of one for an older entry bears a later time, the same for half a day. */
const stepMs = 43_200_000;

/** The id of a call that an entry causes: the same for each try, so that it takes effect once. */
export function derivedCallId(parts: readonly (string | number)[], at: number, now: number): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest();
  return toCallId(at + Math.max(0, Math.floor((now - at) / stepMs)) * stepMs, digest.subarray(0, 10));
}
