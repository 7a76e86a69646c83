import type { SqlResult } from "nexios";
import type { StoredEvent } from "./event.ts";

export type EventRow = SqlResult["rows"][number];

/** What `toEvent` needs of a row. */
export const eventColumns = "id, at, type, visitor, path, properties";

/** An event as it stands in the store. */
export function toEvent({ id, at, type, visitor, path, properties }: EventRow): StoredEvent {
  return {
    id: String(id),
    at: Number(at),
    type: String(type),
    ...(visitor !== null && { visitor: String(visitor) }),
    ...(path !== null && { path: String(path) }),
    // Nobody else writes there.
    ...(properties !== null && { properties: JSON.parse(String(properties)) as NonNullable<StoredEvent["properties"]> }),
  };
}
