import { createHash, timingSafeEqual } from "node:crypto";
import type { MetricsReading } from "../metrics/reading.ts";
import type { Metrics } from "../metrics/registry.ts";
import { contentTypes, toTextForm } from "../metrics/text-form.ts";
import { textLines } from "../metrics/text-lines.ts";
import { toTextStream } from "../metrics/text-stream.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Middleware } from "../server/http.ts";
import type { Router } from "../server/router.ts";

/** Where metrics are scraped, and who may. One of `guard` and `token` must be given. */
export interface AddMetricsOptions {
  /** `/metrics` unless given. */
  readonly path?: string;
  /** Middleware that lets in who may, such as `auth(["jwt"], { allow })`; "none" where whoever reaches the port may. */
  readonly guard?: Middleware | "none";
  /** At least 16 characters without blanks and commas, which a scraper must send as `Authorization: Bearer`. */
  readonly token?: string;
  /** What is shown: this process's metrics unless given. */
  readonly read?: () => MetricsReading;
}

const optionNames: ReadonlySet<string> = new Set(["path", "guard", "token", "read"]);
const shortestToken = 16;

/**
 * Serves the app's metrics to Prometheus and to whatever reads its text or OpenMetrics. Nobody gets them by accident: who may is said here.
 * @throws TypeError for a wrong option, and where neither a guard nor a token is given
 */
export function addMetrics(app: Router & { readonly metrics: Metrics }, options: AddMetricsOptions): void {
  for (const name of Object.keys(options))
    if (!optionNames.has(name)) throw new TypeError(`addMetrics has no option "${name}": it has ${[...optionNames].join(", ")}`);
  const { path = "/metrics", read } = options;
  app.get(path, toGuard(options), (c) => {
    const form = toTextForm(c.req.header("accept"));
    const lines = textLines(read === undefined ? app.metrics.readInParts({ withBuckets: false }) : read().families, form);
    const { clock } = c.env.edge;
    return new Response(
      toTextStream(lines, (fire) => clock.afterTurn(fire)),
      { headers: { "content-type": contentTypes[form], "cache-control": "no-store", vary: "Accept" } },
    );
  });
}

function toGuard({ guard, token }: AddMetricsOptions): Middleware {
  if ((guard === undefined) === (token === undefined))
    throw new TypeError('addMetrics takes who may see the metrics: a "guard", which may be "none", or a "token"');
  if (guard === "none") return (_, next) => next();
  if (guard !== undefined) return guard;
  if (typeof token !== "string" || token.length < shortestToken || /[\s,]/.test(token))
    throw new TypeError(`The token of addMetrics has at least ${shortestToken} characters, without blanks and commas: a header could not carry them`);
  const expected = digest(token);
  return (c, next) => {
    const shown = /^Bearer +([^\s,]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (shown === undefined) throw new NexiosError("UNAUTHORIZED", "A token is needed", { status: 401 });
    // Of one length, so that the time says nothing of where they differ.
    if (!timingSafeEqual(digest(shown), expected)) throw new NexiosError("TOKEN_INVALID", "The token is not valid here", { status: 401 });
    return next();
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
