import type { NewEvent, StoredEvent } from "nexios/activity";
import type { ActivityRequest } from "./activity-state.ts";

/** Longer ones are told by their beginnings. */
const longest = { visitor: 128, method: 32, path: 2_048 };

/** A request to a web site, as an event of its visitor's. */
export function toActivityEvent({ at, visitor, method, path, status }: ActivityRequest, id: string): NewEvent & { readonly at: number } {
  return {
    id,
    at,
    type: "request",
    visitor: cut(visitor, longest.visitor),
    path: cut(path, longest.path),
    properties: { method: cut(method, longest.method), status },
  };
}

/** The same back: its visitor is told by a hash. */
export function toActivityRequest({ at, visitor = "", path = "", properties }: StoredEvent): ActivityRequest {
  return { at, visitor, path, method: String(properties?.["method"] ?? "GET"), status: Number(properties?.["status"] ?? 200) };
}

function cut(text: string, most: number): string {
  return text.slice(0, most).toWellFormed();
}
