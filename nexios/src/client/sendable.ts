/** What servers take of an application's value, unless they are told otherwise: the frame around it is one level more. */
const mostDepth = 31;
const mostKeys = 9_900;

/**
 * A value as JSON that a server reads; `undefined` for none. A message that it can't read would end the connection, with all that is in it.
 * @throws TypeError for what has no JSON form, half of a surrogate pair, a key that parsers refuse, and what is nested too deep or too large
 */
export function toSendableJson(value: unknown): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  let keys = 0;
  function check(part: unknown, depth: number): void {
    if (typeof part !== "object" || part === null) return;
    for (const [key, child] of Object.entries(part)) {
      const isKey = key !== "__proto__" && !(key === "constructor" && Object.hasOwn(Object(child) as object, "prototype"));
      const isText = key.isWellFormed() && (typeof child !== "string" || child.isWellFormed());
      if (!isKey || !isText || depth > mostDepth || ++keys > mostKeys) throw new TypeError(`No server reads this, from ${key} on`);
      check(child, depth + 1);
    }
  }
  // As it will be read: not all that is in an object has a JSON form.
  if (text !== undefined) check([JSON.parse(text)], 0);
  return text;
}
