import type { MetricsReading } from "../metrics/reading.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { OtlpRules } from "./options.ts";
import { type Outcome, toOutcome } from "./outcome.ts";
import { toOtlp } from "./to-otlp.ts";

export interface OtlpPushServices {
  readonly read: () => MetricsReading;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** What receivers take as a rule. */
const mostBytes = 20 * 1_048_576;
/** An app that stops waits no longer for the last request. */
const lastTimeoutMs = 2_000;

interface Sent {
  readonly reading: MetricsReading;
  readonly at: number;
}

/**
 * Pushes metrics to a collector, one request at a time. Nothing is queued: what could not be sent is in the next request, since counts go on. A push that fails is
 * reported once, after its last try.
 */
export class OtlpPush {
  readonly #rules: OtlpRules;
  readonly #services: OtlpPushServices;
  readonly #startedAt: number;
  /** The last that was taken, for deltas. */
  #sent: Sent | undefined;
  #pushing: Promise<void> | undefined;
  #cancel: Cancel | undefined;
  /** Ends the wait between two tries, or the request that is under way. */
  #hurry: (() => void) | undefined;
  #isStopped = false;

  constructor(rules: OtlpRules, services: OtlpPushServices) {
    this.#rules = rules;
    this.#services = services;
    this.#startedAt = services.clock.now();
  }

  start(): void {
    this.#cancel ??= repeat(this.#services.clock, this.#rules.everyMs, () => void this.push());
  }

  /** Sends what is counted now. While one is sent there is no second: then it ends when that one does. Never rejects. */
  push(): Promise<void> {
    this.#pushing ??= this.#push().finally(() => (this.#pushing = undefined));
    return this.#pushing;
  }

  /** Gives up what is under way, and ends with one more try to send what is counted now. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    this.#hurry?.();
    await this.#pushing;
    await this.push();
  }

  async #push(): Promise<void> {
    const { clock, read } = this.#services;
    const { attributes, temporality } = this.#rules;
    const now: Sent = { reading: read(), at: clock.now() };
    const before = temporality === "delta" ? this.#sent : undefined;
    const request = toOtlp(now.reading, { attributes, temporality, startedAt: before?.at ?? this.#startedAt, at: now.at, before: before?.reading });
    if (request === undefined) return;
    const body = JSON.stringify(request);
    if (Buffer.byteLength(body) > mostBytes) return tell(`a request of ${body.length} characters is too large`);
    const outcome = await this.#try(body);
    if (outcome.kind !== "later") this.#sent = now;
    if (outcome.kind !== "taken") tell(outcome.why);
    else if (outcome.rejected > 0) tell(`${outcome.rejected} data points were rejected: ${outcome.message}`);
  }

  async #try(body: string): Promise<Outcome> {
    const { attempts, retryMs, longestRetryMs } = this.#rules;
    for (let failures = 1; ; failures++) {
      const outcome = await this.#request(body);
      if (outcome.kind !== "later" || failures >= attempts || this.#isStopped) return outcome;
      const waitMs = outcome.afterMs ?? this.#services.random() * retryMs * 2 ** (failures - 1);
      await this.#wait(Math.min(longestRetryMs, waitMs));
      if (this.#isStopped) return outcome;
    }
  }

  async #request(body: string): Promise<Outcome> {
    const { url, headers } = this.#rules;
    const { clock } = this.#services;
    const timeoutMs = this.#isStopped ? Math.min(lastTimeoutMs, this.#rules.timeoutMs) : this.#rules.timeoutMs;
    const timeout = new AbortController();
    this.#hurry = () => timeout.abort(new Error("the app stops"));
    const cancel = clock.after(timeoutMs, () => timeout.abort(new Error(`no answer in ${timeoutMs} ms`)));
    try {
      // A redirection would carry the headers, and what they prove, elsewhere.
      const init: RequestInit = {
        method: "POST",
        body,
        headers: { ...headers, "content-type": "application/json" },
        redirect: "error",
        signal: timeout.signal,
      };
      return await toOutcome(await fetch(url, init), clock.now());
    } catch (error) {
      return { kind: "later", why: error instanceof Error ? error.message : String(error), afterMs: undefined };
    } finally {
      cancel();
      this.#hurry = undefined;
    }
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#services.clock.after(ms, resolve);
      this.#hurry = () => {
        cancel();
        resolve();
      };
    });
    this.#hurry = undefined;
  }
}

function tell(why: string): void {
  report("error", { where: "otlp", error: new Error(`Metrics were not sent: ${why}`) });
}
