export { connect, type ConnectOptions } from "./connect.ts";
export { ManualClock } from "./manual-clock.ts";
export { HandshakeRefused, Peer } from "./peer.ts";
