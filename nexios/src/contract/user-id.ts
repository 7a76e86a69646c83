/** Under this id the server itself calls rooms. */
export const serverUserId = "nexios";
const longestId = 256;

/** Whether a user may have this id: a text of 1 to 256 characters, well formed (half of a surrogate pair is no UTF-8 and comes back from a store as another), and not the server's own, `nexios`. */
export function isUserId(id: unknown): id is string {
  return typeof id === "string" && id !== "" && id.length <= longestId && id !== serverUserId && id.isWellFormed();
}
