import { PermanentFailure } from "nexios";

/** Why an inbox takes something not: its category is none, it had expired, there is no `endpointSecret`, or there are too many endpoints. */
export type InboxRefusalCode = "UNKNOWN_CATEGORY" | "EXPIRED_BEFORE" | "NOT_SERVED" | "TOO_MANY_ENDPOINTS" | "FORBIDDEN";

/** What `notify` and `addEndpoint` throw where the inbox has refused: by `code`, with the refusal's `data`. The same again is refused again, so that a subscription gives the entry up at once. */
export class InboxRefused extends PermanentFailure {
  override readonly name = "InboxRefused";
  readonly code: InboxRefusalCode;
  readonly data: unknown;

  constructor(code: InboxRefusalCode, what: string, data: unknown) {
    super(`${what} was refused: ${code} ${JSON.stringify(data ?? "")}`);
    this.code = code;
    this.data = data;
  }
}
