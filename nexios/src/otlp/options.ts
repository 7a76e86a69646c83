import type { Clock } from "../world/clock.ts";
import type { Temporality } from "./to-otlp.ts";

/** Where metrics are pushed, and how. */
export interface OtlpOptions {
  /** The whole address, as a rule of a collector: `http://localhost:4318/v1/metrics`. */
  readonly url: string;
  /** Sent with each request, such as an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose metrics they are: `service.name` and whatever else tells this process from others. */
  readonly attributes: Readonly<Record<string, string>>;
  /** `cumulative` unless given: what was counted since the start; or `delta`, since what was sent last. */
  readonly temporality?: Temporality;
  /** 60,000 unless given. */
  readonly everyMs?: number;
  /** How long a request may take. 10,000 unless given. */
  readonly timeoutMs?: number;
  /** Tries of one push. 5 unless given. */
  readonly attempts?: number;
  /** The wait after the first failure is a random part of this, and of twice as much after each further one. 1,000 unless given. */
  readonly retryMs?: number;
  /** No wait is longer, whoever asks for it. 30,000 unless given. */
  readonly longestRetryMs?: number;
  readonly clock?: Clock;
  /** From 0 to 1. */
  readonly random?: () => number;
}

export type OtlpRules = Required<Omit<OtlpOptions, "clock" | "random">>;

const defaults = { headers: {}, temporality: "cumulative", everyMs: 60_000, timeoutMs: 10_000, attempts: 5, retryMs: 1_000, longestRetryMs: 30_000 } as const;
const names: ReadonlySet<string> = new Set([...Object.keys(defaults), "url", "attributes", "clock", "random"]);

/** @throws TypeError for options that are wrong */
export function toOtlpRules({ clock: _clock, random: _random, ...options }: OtlpOptions): OtlpRules {
  for (const name of Object.keys(options)) if (!names.has(name)) throw new TypeError(`pushMetrics has no option "${name}": it has ${[...names].join(", ")}`);
  const rules = { ...defaults, ...options };
  if (!URL.canParse(rules.url) || !/^https?:$/.test(new URL(rules.url).protocol))
    throw new TypeError(`The url of pushMetrics is an http or https one, not ${rules.url}`);
  if (typeof rules.attributes?.["service.name"] !== "string") throw new TypeError('The attributes of pushMetrics name the service: { "service.name": ... }');
  if (!["cumulative", "delta"].includes(rules.temporality))
    throw new TypeError(`The temporality is "cumulative" or "delta", not ${JSON.stringify(rules.temporality)}`);
  for (const name of ["everyMs", "timeoutMs", "retryMs", "longestRetryMs"] as const)
    if (!(rules[name] > 0 && rules[name] < Infinity)) throw new TypeError(`${name} is a number of milliseconds above 0, not ${rules[name]}`);
  if (!Number.isInteger(rules.attempts) || rules.attempts < 1) throw new TypeError(`attempts is a whole number above 0, not ${rules.attempts}`);
  return rules;
}
