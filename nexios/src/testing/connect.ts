import { duplexPair } from "node:stream";
import type { Listener } from "../server/listener.ts";
import { openPeer, type Peer } from "./peer.ts";

/** How a test connects. */
export interface ConnectOptions {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
}

/**
 * Opens a WebSocket. To an app it goes without a port, the real handshake and frames over a pair of streams in memory; to a URL over the network.
 * @throws HandshakeRefused when the answer is an HTTP status.
 */
export async function connect(
  target: { start(): Promise<Listener> } | string,
  path: string,
  { token, headers = {}, subprotocols }: ConnectOptions = {},
): Promise<Peer> {
  const options = { headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers }, subprotocols };
  if (typeof target === "string") return openPeer(`${target.replace(/^http/, "ws")}${path}`, options);
  const { server } = await target.start();
  const [near, far] = duplexPair();
  server.emit("connection", far);
  return openPeer(`ws://localhost${path}`, { ...options, stream: near });
}
