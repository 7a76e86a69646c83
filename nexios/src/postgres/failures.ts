import { NexiosError } from "../protocol/failure.ts";
import { sqlStateOf } from "./driver.ts";

/** A server that was one to write to may have become a standby, and a connection that began on it stays so. */
export const readOnly = "25006";

/** Two transactions were in each other's way: nothing of this one was done, and it may be tried again at once. */
export function isInTheWay(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === "40001" || state === "40P01";
}

/** What to say of a statement of the store's own that the server has refused. All other errors stay what they are. */
export function toFailure(error: unknown): unknown {
  const state = sqlStateOf(error);
  if (state === undefined) return error;
  // Data or an index that is damaged, or rows that nothing of ours has left.
  if (state.startsWith("XX00") || state.startsWith("23")) {
    return new NexiosError("DAMAGED", "What is stored in PostgreSQL is not what was written: restore it from a backup", { cause: error });
  }
  if (isInTheWay(error) || state === "55P03") return new NexiosError("CONFLICT", "Others were faster each time: try again later", { cause: error });
  if (state === "42501") return new NexiosError("UNAVAILABLE", "PostgreSQL refuses it to this user: look at its rights", { cause: error });
  if (state === readOnly) return new NexiosError("UNAVAILABLE", "This PostgreSQL takes no writes: it is a standby, or was set so", { cause: error });
  return new NexiosError("UNAVAILABLE", "PostgreSQL could not do it", { cause: error });
}

/** A connection can't be had: by the server's own words where it has refused it. */
export function toConnectFailure(error: unknown): NexiosError {
  const why = sqlStateOf(error) !== undefined && error instanceof Error ? `PostgreSQL refuses the connection: ${error.message}` : "PostgreSQL can't be reached";
  return new NexiosError("UNAVAILABLE", why, { cause: error });
}
