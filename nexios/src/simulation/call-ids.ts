import { toCallId } from "../protocol/call-id.ts";
import type { Random } from "./random.ts";

/** A call's id, made at a moment and drawn for the rest. */
export function drawCallId(madeAt: number, random: Random): string {
  const digits = random.uuid().replaceAll("-", "").slice(12);
  return toCallId(
    madeAt,
    Uint8Array.from({ length: 10 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16)),
  );
}
