import { type Client, createClient } from "nexios/client";
import { binaryWire } from "nexios/client/binary";

/** The document that all write in. */
export const editsDocument = { id: "tortured" };

/** What the server says of it. */
export interface ServedDocument {
  readonly text: string;
  readonly count: number;
}

/** Somebody who comes back soon: what is asked is whether all is there, and not how patient he is. */
export function connectWriter(port: number, name: string): Client {
  return createClient({
    url: `http://127.0.0.1:${port}/realtime`,
    token: () => name,
    wire: binaryWire,
    limits: { deadlineMs: 600_000, retryMs: 20, longestRetryMs: 200 },
  });
}
