import type { Reading } from "../reading.ts";
import type { DeadLetter } from "../readings.ts";
import type { Row } from "./row-check.ts";

/** A reading, as a row of `nexios_reading` has it. */
export function toReading(row: Row): Reading {
  const optional = (value: unknown): number | undefined => (value === null ? undefined : Number(value));
  return {
    offset: Number(row["offset"]),
    fence: Number(row["fence"]),
    leaseUntil: optional(row["lease_until"]),
    attempts: Number(row["attempts"]),
    firstAt: optional(row["first_at"]),
    retryAt: optional(row["retry_at"]),
    error: typeof row["error"] === "string" ? row["error"] : undefined,
  };
}

/** A dead letter, as a row of `nexios_dead_letter` has it. */
export function toLetter(row: Row): DeadLetter {
  return {
    id: Number(row["id"]),
    subscription: String(row["subscription"]),
    log: String(row["log"]),
    offset: Number(row["offset"]),
    at: Number(row["at"]),
    attempts: Number(row["attempts"]),
    error: String(row["error"]),
  };
}
