import type { NewEvent } from "nexios/activity";

/** One request to a web site. */
export interface ActivityRequest {
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  /** Who made it, as far as the site knows: an address, or a user's id. */
  readonly visitor: string;
  readonly method: string;
  /** With or without a query: a query is not kept. */
  readonly path: string;
  readonly status: number;
}

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

function cut(text: string, most: number): string {
  return text.slice(0, most).toWellFormed();
}
