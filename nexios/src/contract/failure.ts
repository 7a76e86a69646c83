/** Why bytes could not be read: they are of a later version of the contract, or no bytes of this contract at all. */
export type ContractErrorCode = "UNREADABLE" | "VERSION_AHEAD";

/** What fails when entries or states are read: tell it apart by `code`. */
export class ContractError extends Error {
  override readonly name = "ContractError";
  readonly code: ContractErrorCode;

  constructor(code: ContractErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
