import { control } from "../messages/en-control.ts";
import type { LineSpec } from "./chart-spec.ts";
import type { UnitKind } from "./units.ts";

/** A number of the row above all. */
export interface TileSpec {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly unit: UnitKind;
  readonly line: LineSpec;
  /** Of a rate per second: how much it is in the unit. */
  readonly times?: number;
  /** What happens now and then is shown as the mean over so long. */
  readonly meanMs?: number;
}

const { tiles: words } = control;

export const tileSpecs: readonly TileSpec[] = [
  { id: "requests", ...words.requests, unit: "perSecond", line: { metric: "saleroom_requests", stat: "rate" } },
  { id: "latency", ...words.latency, unit: "seconds", line: { metric: "saleroom_request_time", stat: "p95" } },
  { id: "failed", ...words.failed, unit: "ratio", line: { metric: "saleroom_failed_requests", stat: "value" } },
  { id: "connected", ...words.connected, unit: "count", line: { metric: "nexios_connections", stat: "value" } },
  { id: "active", ...words.active, unit: "count", line: { metric: "nexios_activity_active", stat: "value" } },
  { id: "bids", ...words.bids, unit: "perMinute", line: { metric: "saleroom_bids", stat: "rate" }, times: 60, meanMs: 60_000 },
];
