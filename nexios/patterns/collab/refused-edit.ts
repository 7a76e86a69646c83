/** Text that did not get into the document. */
export interface RefusedEdit {
  /**
   * `READ_ONLY`, `REFUSED`, `TOO_LARGE`: the server's refusal. `REPLACED`: the document is another one by now, such as after a backup was brought back. `OFFLINE_LIMIT`:
   * too much was written without a connection. `NO_ACCESS`: one may not be in the document any more.
   */
  readonly code: "READ_ONLY" | "REFUSED" | "TOO_LARGE" | "REPLACED" | "OFFLINE_LIMIT" | "NO_ACCESS";
  /** The whole text as its author had it, for him to keep; of edits that an earlier page has left, what they insert. */
  readonly text: string;
}
