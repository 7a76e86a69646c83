const uuidV7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When a call was made, by the caller's estimate of the store's time: its id is a UUID of version 7 (RFC 9562, section 5.7). `undefined` for another id. */
export function timeOfCallId(callId: string): number | undefined {
  const match = uuidV7.exec(callId);
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16);
}

/** A call's id: a UUID of version 7 of a time and ten random bytes. */
export function toCallId(time: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.max(0, Math.floor(time))) << 16n);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
