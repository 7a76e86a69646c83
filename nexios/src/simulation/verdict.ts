import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { NexiosError } from "../protocol/failure.ts";
import type { Reports } from "../world/report.ts";
import type { Cluster } from "./cluster.ts";
import type { Device } from "./device.ts";
import type { Findings } from "./findings.ts";
import { judgeCalls } from "./judge-calls.ts";
import { judgeDelivery } from "./judge-delivery.ts";
import { judgeLimits } from "./judge-limits.ts";
import { judgePresence } from "./judge-presence.ts";
import type { RoomKind } from "./kinds/kind.ts";
import { unfoldableMessage } from "./kinds/sheet.ts";
import { RoomPast } from "./room-past.ts";
import type { Stage } from "./stage.ts";

/** Has every judge look at a cluster in which all is calm; what they find stands in its findings. */
export function passVerdict(cluster: Cluster, { sharedCalls, journal }: Stage, devices: readonly Device[], kinds: readonly RoomKind[] = []): void {
  const rooms = new Set(devices.flatMap((device) => [...device.rooms.keys()]));
  const pasts = new Map([...rooms].map((room) => [room, new RoomPast(room, cluster.contractOf(room), cluster.diskOf(room))]));
  const evidence = { cluster, devices, pasts, kinds: new Map(kinds.map((kind) => [kind.room, kind])), sharedCalls, journal };
  judgeDelivery(evidence);
  judgeCalls(evidence);
  judgePresence(evidence);
  judgeLimits(evidence);
}

/** While `run` runs, whatever the framework reports as an error that faults do not explain is a finding. */
export async function watchErrors<Value>(findings: Findings, run: () => Promise<Value>): Promise<Value> {
  const onError = (message: unknown): void => {
    // The only kind of message on this channel.
    const { where, error } = message as Reports["error"];
    if (!isExplained(error)) findings.report("errors", `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  subscribe("nexios:error", onError);
  try {
    return await run();
  } finally {
    unsubscribe("nexios:error", onError);
  }
}

function isExplained(error: unknown): boolean {
  if (error instanceof NexiosError) return error.code === "UNAVAILABLE" || error.code === "GAP" || error.code === "VERSION_AHEAD";
  return error instanceof Error && error.message === unfoldableMessage;
}
