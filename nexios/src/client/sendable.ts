/** What servers take of an application's value, unless they are told otherwise: the frame around it is one level more. */
const mostDepth = 31;
const mostKeys = 9_900;

/**
 * A value as JSON that a server reads; `undefined` for none. A message that it can't read would end the connection, with all that is in it.
 * @throws TypeError for what has no JSON form, half of a surrogate pair, a key that parsers refuse, and what is nested too deep or too large
 */
export function toSendableJson(value: unknown): string | undefined {
  let keys = 0;
  const text = JSON.stringify(value, (key, child: unknown) => {
    const isRefused = key === "__proto__" || (key === "constructor" && typeof child === "object" && child !== null && Object.hasOwn(child, "prototype"));
    const isBroken = !key.isWellFormed() || (typeof child === "string" && !child.isWellFormed());
    if (isRefused || isBroken || ++keys > mostKeys) throw unreadable(isRefused ? `the key ${key}` : isBroken ? "half of a surrogate pair" : "too many keys");
    return child;
  }) as string | undefined;
  let depth = 0;
  for (const [bracket] of (text ?? "").replaceAll(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/[[{}\]]/g)) {
    depth += bracket === "{" || bracket === "[" ? 1 : -1;
    if (depth > mostDepth) throw unreadable("nested too deep");
  }
  return text;
}

function unreadable(why: string): TypeError {
  return new TypeError(`No server reads this: ${why}`);
}
