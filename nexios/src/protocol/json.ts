/** The bounds of a message that is parsed. */
export interface JsonBounds {
  readonly depth: number;
  /** Members and items of all objects and arrays together. */
  readonly keys: number;
}

/** Why a text was not taken as JSON: a sentence for the peer. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const nine = 0x39;
/** So many digits, or an exponent, may come to more than a number can be. */
const fewestDigits = 300;
const longNumber = new RegExp(String.raw`\d{${fewestDigits}}`);

/**
 * Parses a peer's JSON once, within bounds that are checked before anything is built. Refused beside bad syntax: `__proto__`, `constructor.prototype`,
 * numbers that JavaScript reads as infinite, and halves of surrogate pairs, since each would mean something else to the next who reads it.
 * @throws JsonError
 */
export function parseJson(text: string, bounds: JsonBounds): unknown {
  const suspicious = scan(text, bounds);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JsonError("The message is not JSON");
  }
  if (suspicious) inspect(value);
  return value;
}

/** Returns whether the parsed value needs a look. Braces in a text that is not JSON may be miscounted; then the parser refuses it. */
function scan(text: string, bounds: JsonBounds): boolean {
  let depth = 0;
  let keys = 0;
  let hasExponent = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at + 1);
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > bounds.depth) throw new JsonError(`The message is nested deeper than ${bounds.depth}`);
      if (!/^\s*[\]}]/.test(text.slice(at + 1, at + 3))) keys++;
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    } else if (code === 0x2c) {
      keys++;
    } else if ((code | 0x20) === 0x65 && isDigit(text.charCodeAt(at - 1))) {
      hasExponent = true;
    }
    if (keys > bounds.keys) throw new JsonError(`The message has more than ${bounds.keys} keys and items`);
  }
  const hasLongNumber = text.length >= fewestDigits && longNumber.test(text);
  return hasExponent || hasLongNumber || text.includes("\\u") || text.includes("__proto__") || text.includes("constructor");
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) return at;
  }
  return text.length;
}

function inspect(root: unknown): void {
  const left = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "number" && !Number.isFinite(value)) throw new JsonError("The message has a number that is too large");
    if (typeof value === "string" && !value.isWellFormed()) throw new JsonError("The message has half of a surrogate pair");
    if (typeof value !== "object" || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      refuseKey(key, child);
      left.push(child);
    }
  }
}

function refuseKey(key: string, child: unknown): void {
  if (key === "__proto__") throw new JsonError('The message has a key "__proto__"');
  if (key === "constructor" && typeof child === "object" && child !== null && Object.hasOwn(child, "prototype")) {
    throw new JsonError('The message has a key "constructor.prototype"');
  }
  if (!key.isWellFormed()) throw new JsonError("The message has half of a surrogate pair");
}
