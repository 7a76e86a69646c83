import { type ConnectOptions, openPeer, type Peer } from "../server/peer.ts";

/** What can be connected to: an app, without a port, or the URL of a server. */
export type ConnectTarget = string | { connect(path: string, options?: ConnectOptions): Promise<Peer> };

/** Opens a WebSocket to a server of another process, or to an app. @throws HandshakeRefused when the answer is an HTTP status. */
export function connect(target: ConnectTarget, path: string, options: ConnectOptions = {}): Promise<Peer> {
  return typeof target === "string" ? openPeer(`${target.replace(/^http/, "ws")}${path}`, options) : target.connect(path, options);
}
