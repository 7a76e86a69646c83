/** How many bytes `writeVarint` takes for a number. */
export function varintLength(value: number): number {
  let length = 1;
  for (let left = value; left >= 0x80; left = Math.floor(left / 0x80)) length++;
  return length;
}

/**
 * Writes a whole number from 0 on in groups of seven bits, the lowest first; all but the last byte have their top bit set (unsigned LEB128).
 * @returns Where the next byte goes.
 */
export function writeVarint(value: number, target: Uint8Array, start: number): number {
  let at = start;
  let left = value;
  // Up to 2 ** 53: bit operations would cut it to 32 bits.
  for (; left >= 0x80; left = Math.floor(left / 0x80)) target[at++] = (left % 0x80) | 0x80;
  target[at++] = left;
  return at;
}
