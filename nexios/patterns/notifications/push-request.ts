import type { IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import type { Moment } from "./entry.ts";

/** What a push service has answered. */
export interface PushAnswer {
  readonly kind: "answer";
  readonly status: number;
  /** The last part of the address of what it has taken. */
  readonly location?: string;
  readonly retryAfterMs?: number;
}

const shortBytes = 4_096;

interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly now: Moment;
}

/** Posts a message, and follows nothing: where an answer would lead was never looked at. @throws Error when there is no answer */
export function postOnce(url: URL, { headers, body, agent, timeoutMs, signal, now }: PostOptions): Promise<PushAnswer> {
  return new Promise((resolve, reject) => {
    const late = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const sending = request(url, { method: "POST", headers: { ...headers }, agent, signal: late }, (response) => {
      resolve(toAnswer(response, now));
      // What it says is not looked at: a short body passes, so that the connection can be used again; another may have no end.
      if (Number(response.headers["content-length"] ?? Infinity) <= shortBytes) response.resume();
      else response.destroy();
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

function toAnswer({ statusCode = 0, headers }: IncomingMessage, now: Moment): PushAnswer {
  const location = headers.location?.split("/").at(-1);
  const retryAfterMs = toWait(headers["retry-after"], now);
  return { kind: "answer", status: statusCode, ...(location !== undefined && { location }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function toWait(text: string | undefined, now: Moment): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
