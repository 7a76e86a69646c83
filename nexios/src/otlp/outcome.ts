/** What came of a request. */
export type Outcome =
  | { readonly kind: "taken"; readonly rejected: number; readonly message: string }
  /** Try again, after so long if that was said. */
  | { readonly kind: "later"; readonly why: string; readonly afterMs: number | undefined }
  /** It would be refused again: what was sent is dropped. */
  | { readonly kind: "refused"; readonly why: string };

/** OpenTelemetry Protocol 1.x, "Retryable Response Codes". */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const mostBytes = 65_536;

/** What an answer means. @throws what the body throws when it breaks off */
export async function toOutcome(response: Response, now: number): Promise<Outcome> {
  if (response.status === 200) return { kind: "taken", ...toPartial(await readAtMost(response, mostBytes)) };
  await response.body?.cancel();
  const why = `the collector has answered ${response.status}`;
  if (!retryable.has(response.status)) return { kind: "refused", why };
  return { kind: "later", why, afterMs: toRetryAfterMs(response.headers.get("retry-after"), now) };
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function toRetryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function toPartial(text: string | undefined): { readonly rejected: number; readonly message: string } {
  try {
    const { partialSuccess } = JSON.parse(text ?? "{}") as {
      readonly partialSuccess?: { readonly rejectedDataPoints?: unknown; readonly errorMessage?: unknown };
    };
    const rejected = Number(partialSuccess?.rejectedDataPoints ?? 0);
    const message = partialSuccess?.errorMessage;
    return { rejected: rejected > 0 ? rejected : 0, message: typeof message === "string" ? message.slice(0, 200) : "" };
  } catch {
    // It was taken; what else the answer says is not for us.
    return { rejected: 0, message: "" };
  }
}

/** `undefined` for a longer one. */
async function readAtMost({ body }: Response, bytes: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > bytes) return undefined;
  }
  return Buffer.concat(parts).toString("utf8");
}
