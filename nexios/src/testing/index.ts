export { type ConnectOptions, HandshakeRefused, Peer } from "../server/peer.ts";
export { connect, type ConnectTarget } from "./connect.ts";
export { ManualClock } from "./manual-clock.ts";
