import { type Client, type ClientOptions, createClient } from "nexios/client";
import { binaryWire } from "nexios/client/binary";

/** The document that the bench and its servers mean. */
export const documentId = "measured";
/** Who types in it, and loses his right to. */
export const typist = "typist";
/** A fast hand: 20 edits a second. */
export const keyMs = 50;

/** A clock that all processes of a machine share, in milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** A client as it is shipped. */
export function connect(port: number, name: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({ url: `ws://127.0.0.1:${port}/realtime`, wire: binaryWire, token: () => name, ...options });
}
