const uuidV7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When a call was made, by the caller's estimate of the store's time: its id is a UUID of version 7 (RFC 9562, section 5.7). `undefined` for another id. */
export function timeOfCallId(callId: string): number | undefined {
  const match = uuidV7.exec(callId);
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16);
}
