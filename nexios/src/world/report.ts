import { channel } from "node:diagnostics_channel";

/** What the framework tells its operator; each kind is published on the diagnostics channel `nexios:KIND`. */
export interface Reports {
  /** A handler, listener, hook or timer threw. */
  error: { readonly where: string; readonly error: unknown };
  /** The app began to listen. */
  listening: { readonly host: string; readonly port: number };
  /** The app has stopped. `forced`: connections that were cut at the deadline. */
  stopped: { readonly forced: number };
  /** An upgrade or a request was refused before a handler saw it. */
  refused: { readonly code: string; readonly status: number; readonly address: string };
  /** The framework closed a connection. */
  closed: { readonly code: number; readonly reason: string; readonly userId: string | undefined };
  /** A member reads slower than its groups send. `dropped`: payloads that it lost since the last such report. */
  slow: { readonly groupName: string; readonly dropped: number };
  /** The wall clock stepped, and the store's time goes on without it; or the store's own did, and is followed slowly. */
  clock: { readonly stepMs: number };
  /** A probe has begun to fail, with the last check's reason, or works again. */
  health: { readonly probe: string; readonly status: "pass" | "warn" | "fail"; readonly error?: string };
  /** An event has more listeners than is likely to be meant. */
  listeners: { readonly event: string; readonly count: number };
}

/** The kinds of reports, to subscribe to all of them. */
export const reportKinds = [
  "error",
  "listening",
  "stopped",
  "refused",
  "closed",
  "slow",
  "clock",
  "health",
  "listeners",
] as const satisfies readonly (keyof Reports)[];

const channels = new Map(reportKinds.map((kind) => [kind, channel(`nexios:${kind}`)]));

/** Tells the operator. Costs nothing when nobody listens. */
export function report<Kind extends keyof Reports>(kind: Kind, fields: Reports[Kind]): void {
  const target = channels.get(kind);
  if (target?.hasSubscribers) target.publish(fields);
}
