import { NexiosError } from "../protocol/failure.ts";
import { sqlStateOf } from "./driver.ts";

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
  return new NexiosError("UNAVAILABLE", "PostgreSQL could not do it", { cause: error });
}
