import type { Self } from "./room-types.ts";

/** Where a client's connection stands. `refused` and `outdated` do not end by themselves. */
export interface ClientStatus {
  readonly kind: "connecting" | "live" | "reconnecting" | "offline" | "refused" | "outdated" | "closed";
  /** It has been live before. */
  readonly hasConnected: boolean;
  /** Tries that failed since the last good connection. */
  readonly failures: number;
  /** When the next try begins, by the client's monotonic clock. */
  readonly retryAtMs: number | undefined;
  /** Calls that are not settled. */
  readonly pendingCalls: number;
  /** Who one is, once a server has said so. */
  readonly user: Self | undefined;
  /** The close code behind `refused`. */
  readonly code: number | undefined;
}

export const firstStatus: ClientStatus = {
  kind: "connecting",
  hasConnected: false,
  failures: 0,
  retryAtMs: undefined,
  pendingCalls: 0,
  user: undefined,
  code: undefined,
};
