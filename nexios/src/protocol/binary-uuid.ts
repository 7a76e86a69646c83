// A hot file: each call has an id. Watched by `npm run bench -- edits`.
/** A UUID's size in its binary form. */
export const uuidBytes = 16;

const dash = 0x2d;

/** Whether a text is a UUID as `readUuid` writes it, so that its bytes tell all of it. */
export function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let at = 0; at < 36; at++) {
    const code = text.charCodeAt(at);
    const isDash = at === 8 || at === 13 || at === 18 || at === 23;
    if (isDash ? code !== dash : !isDigit(code)) return false;
  }
  return true;
}

function isDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
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
  let to = 0;
  for (let from = 0; from < uuidBytes; from++) {
    if (isGroupStart(from)) codes[to++] = dash;
    const byte = bytes[from] ?? 0;
    codes[to++] = codeOf(byte >> 4);
    codes[to++] = codeOf(byte & 0xf);
  }
  // All at once: put together piece by piece it would be as many strings.
  return String.fromCharCode(...codes);
}

const codes: number[] = Array.from({ length: 36 }, () => dash);

function isGroupStart(index: number): boolean {
  return index === 4 || index === 6 || index === 8 || index === 10;
}

function codeOf(value: number): number {
  return value < 10 ? value + 0x30 : value + 0x57;
}

function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
