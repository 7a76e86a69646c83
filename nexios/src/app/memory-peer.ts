import type { Server } from "node:http";
import { duplexPair } from "node:stream";
import { type ConnectOptions, openPeer, type Peer } from "../server/peer.ts";

/** Streams take no `Infinity`. */
const largestMark = 2 ** 30;

/** Opens a WebSocket over a pair of streams in memory: the real handshake and frames. `unsentBytes`: what each side holds. @throws HandshakeRefused when the answer is an HTTP status. */
export function connectInMemory(server: Server, path: string, { unsentBytes, ...options }: ConnectOptions & { readonly unsentBytes: number }): Promise<Peer> {
  const [near, far] = duplexPair({ highWaterMark: Math.min(unsentBytes, largestMark) });
  // As a reset does on a network: one side that is gone takes the other along.
  near.once("close", () => far.destroy());
  far.once("close", () => far.writableFinished || near.destroy());
  server.emit("connection", far);
  return openPeer(`ws://localhost${path}`, options, near);
}
