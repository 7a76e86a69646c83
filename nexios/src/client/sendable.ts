import { encodeJson } from "../contract/json.ts";

/**
 * A value as JSON that a server reads; `undefined` for none. A message that it can't read would end the connection, with all that is in it.
 * @throws TypeError for what has no JSON form, half of a surrogate pair, a key that parsers refuse, and what is nested too deep or too large
 */
export function toSendableJson(value: unknown): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  // What servers take of an application's value, unless they are told otherwise: the frame around it is one level more.
  const bounds = { depth: 31, keys: 9_900 };
  // As it will be read: what it comes from may have its own form as JSON.
  if (text !== undefined) encodeJson(JSON.parse(text), "what is sent", bounds);
  return text;
}
