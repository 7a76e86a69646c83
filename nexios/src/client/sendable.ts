import { encodeJson } from "../contract/json.ts";

/**
 * A value as JSON that a server reads; `undefined` for none. A message that it can't read would end the connection, with all that is in it.
 * @throws TypeError for what has no JSON form, half of a surrogate pair, a key that parsers refuse, and what is nested too deep or too large
 */
export function toSendableJson(value: unknown): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return undefined;
  // What servers take of an application's value, unless they are told otherwise: the frame around it is one level more.
  const mostDepth = 31;
  const mostKeys = 9_900;
  let keys = 0;
  function count(part: unknown, depth: number): void {
    if (typeof part !== "object" || part === null) return;
    for (const child of Object.values(part)) {
      if (depth > mostDepth || ++keys > mostKeys) throw new TypeError("No server reads this: too deep, or too large");
      count(child, depth + 1);
    }
  }
  // As it will be read: what it comes from may have its own form as JSON.
  const read: unknown = JSON.parse(text);
  encodeJson(read);
  count([read], 0);
  return text;
}
