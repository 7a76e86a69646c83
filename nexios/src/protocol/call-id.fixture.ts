import { toCallId } from "./call-id.ts";

let made = 0;

/** An id that no other call has, made at that time. */
export function callIdAt(time: number): string {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(6, made++);
  return toCallId(time, bytes);
}
