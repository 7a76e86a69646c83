import { NexiosError } from "nexios";
import { withCauses } from "./with-causes.ts";

/** The setting that a failure speaks of, by its words. */
const settings: readonly (readonly [RegExp, string])[] = [
  [/^The port must be/, "PORT"],
  [/^(?:getaddrinfo|listen) /, "HOST"],
  [/neither an address nor a range/, "TRUSTED_PROXIES"],
  [/^DATABASE_URL|SQLite belongs to one process/, "DATABASE_URL"],
  [/^The address of Redis/, "REDIS_URL"],
  [/^The token of addMetrics/, "METRICS_TOKEN"],
  [/, mkdir /, "NEXIOS_DATA"],
];

/** Why the server does not start: what the operator can mend is said in one sentence; anything else is a fault, with its stack. */
export function toStartFailure(error: unknown): string {
  // A server that is away says why itself; other messages say all.
  if (error instanceof NexiosError) return `${error.code}: ${error.code === "UNAVAILABLE" ? withCauses(error) : error.message}`;
  if (!(error instanceof Error)) return String(error);
  const setting = settings.find(([words]) => words.test(error.message))?.[1];
  return setting === undefined ? (error.stack ?? error.message) : `${setting}: ${error.message}`;
}
