const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/** Where a value stands in a text: from its first character to behind its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the value of a member stands in the object that opens at `open`; `undefined`: it has none. As for `JSON.parse`, the last of a name counts.
 * @param text Valid JSON: nothing is checked again.
 */
export function memberSpan(text: string, open: number, name: string): Span | undefined {
  let found: Span | undefined;
  let at = skipSpace(text, open + 1);
  while (text.charCodeAt(at) === quote) {
    const nameEnd = endOfString(text, at);
    const from = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const to = endOfValue(text, from);
    if (isName(text.slice(at, nameEnd), name)) found = { from, to };
    at = nextItem(text, to);
  }
  return found;
}

/**
 * Where the items of the array that opens at `open` stand.
 * @param text Valid JSON: nothing is checked again.
 */
export function itemSpans(text: string, open: number): readonly Span[] {
  const spans: Span[] = [];
  let at = skipSpace(text, open + 1);
  while (at < text.length && text[at] !== "]") {
    const to = endOfValue(text, at);
    spans.push({ from: at, to });
    at = nextItem(text, to);
  }
  return spans;
}

function isName(quoted: string, name: string): boolean {
  return quoted.includes("\\") ? JSON.parse(quoted) === name : quoted.length === name.length + 2 && quoted.startsWith(name, 1);
}

/** Where the next item or member begins, or its array or object closes. */
function nextItem(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text.charCodeAt(at) === comma ? skipSpace(text, at + 1) : at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) return at + 1;
  }
  return text.length;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at) - 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
    } else if (code === 0x7d || code === 0x5d) {
      // What is neither object nor array ends where the one around it does.
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (code === comma || code <= 0x20)) {
      return at;
    }
  }
  return text.length;
}
