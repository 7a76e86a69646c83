import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import type { ServerFrame } from "../protocol/frame.ts";
import type { AskReply, CallReply } from "./call.ts";
import type { Line } from "./line.ts";
import { messageOf, retryAfterOf } from "./messages.ts";

/** What may be said of a failure beside its code. */
export interface ReplyDetails {
  readonly message?: string | undefined;
  readonly path?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** What one connection is told of its own requests. After the end nothing is sent. */
export class Replies {
  readonly #line: Pick<Line, "encoding" | "send">;
  #ended = false;

  constructor(line: Pick<Line, "encoding" | "send">) {
    this.#line = line;
  }

  end(): void {
    this.#ended = true;
  }

  send(frame: ServerFrame): void {
    const { encoding } = this.#line;
    if (!this.#ended) this.#line.send(encoding.join([encoding.encode(frame)]));
  }

  reply(id: number, reply: CallReply | AskReply, details?: ReplyDetails): void {
    if (reply.kind === "failed") return this.fail(id, reply.code, { message: reply.message, path: reply.path, ...details });
    if (reply.kind === "answered") return this.send({ kind: "answered", id, value: reply.value });
    if (reply.kind === "accepted") this.send({ kind: "accepted", id, position: reply.position, result: reply.result });
    else this.send({ kind: "refused", id, position: "position" in reply ? reply.position : undefined, code: reply.code, data: reply.data });
  }

  fail(id: number, code: ErrorCode, { message, path, retryAfterMs }: ReplyDetails = {}): void {
    const waitMs = retryAfterMs ?? (isRetryable(code) ? retryAfterOf(code) : undefined);
    this.send({ kind: "failed", id, code, message: message ?? messageOf(code), path, retryAfterMs: waitMs });
  }

  /** `room`: `undefined` for a whole message. */
  ignore(room: number | undefined, code: ErrorCode, { message, path, retryAfterMs }: ReplyDetails = {}): void {
    this.send({ kind: "ignored", room, code, message: message ?? messageOf(code), path, retryAfterMs });
  }
}
