import { toJson } from "../contract/json.ts";

/**
 * A value as a server will read it, whatever becomes of it here later, and the length of its JSON; `undefined` and 0 for none. A message that a server can't read
 * would end the connection, with all that is in it.
 * @throws TypeError for what has no JSON form, half of a surrogate pair, a key that parsers refuse, and what is nested too deep or too large
 */
export function toSendable(value: unknown): readonly [value: unknown, length: number] {
  const text = JSON.stringify(value) as string | undefined;
  // What it comes from may have its own form as JSON.
  const read: unknown = text && JSON.parse(text);
  // What servers take of an application's value, unless they are told otherwise: the frame around it is one level more.
  if (text) toJson(read, undefined, { depth: 31, keys: 9_900 });
  return [read, text?.length ?? 0];
}
