/** A UUID's size in its binary form. */
export const uuidBytes = 16;

const pattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const dash = 0x2d;
const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Whether a text is a UUID as `readUuid` writes it, so that its bytes tell all of it. */
export function isUuid(text: string): boolean {
  return text.length === 36 && pattern.test(text);
}

/** @param uuid A text that `isUuid`. */
export function writeUuid(uuid: string, target: Uint8Array, start: number): void {
  let to = start;
  for (let from = 0; from < uuid.length; from += 2) {
    if (uuid.charCodeAt(from) === dash) from++;
    target[to++] = (digit(uuid, from) << 4) | digit(uuid, from + 1);
  }
}

/** The UUID of 16 bytes (RFC 9562, section 4). */
export function readUuid(bytes: Uint8Array): string {
  let text = "";
  for (const [index, byte] of bytes.entries()) text += `${isGroupStart(index) ? "-" : ""}${hexOf[byte]}`;
  return text;
}

function isGroupStart(index: number): boolean {
  return index === 4 || index === 6 || index === 8 || index === 10;
}

function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
