import { addMetrics, auth, type Clock, type NexiosApp, type SharedMetrics } from "nexios";
import { addDashboards } from "nexios/dashboard/server";
import type { Inboxes } from "nexios/notifications/server";
import { statfs } from "node:fs/promises";
import { houseName, house } from "../../rooms/house.ts";
import { addHealthRoom } from "./health-room.ts";
import type { MaySee } from "./may-see.ts";
import { addSaleroomAlerts } from "./saleroom-alerts.ts";
import { addSaleroomFigures } from "./saleroom-figures.ts";

export interface ControlOptions {
  readonly clock: Clock;
  /** What all processes count, and which of them does what one does for all. */
  readonly shared: SharedMetrics;
  /** Where alerts are told of. */
  readonly inboxes: Inboxes;
  readonly maySee: MaySee;
  /** Where the SQLite files are: a disk that is full is told of before it fails. */
  readonly dataFolder: string;
  /** A scraper shows it to read `/metrics`; without one, whoever may see the control room does with their own token. */
  readonly metricsToken?: string | undefined;
}

const probeEveryMs = 5_000;
const leastFreeBytes = 200e6;

/** Adds what the control room stands on: figures of the house, the dashboard, health, alerts, and the ways by which machines read both. */
export function addControlRoom(app: NexiosApp, { clock, shared, inboxes, maySee, dataFolder, metricsToken }: ControlOptions): void {
  const guard = auth(["jwt"], { allow: maySee });
  addSaleroomFigures(app, shared);
  // An app that is alone says nothing of processes.
  addDashboards(app, { views: { [houseName]: { authorize: maySee } }, clock, ...(app.broker !== undefined && { shared }) });
  app.health.probe("talk", () => app.room(house, { house: houseName }).state(), { everyMs: probeEveryMs });
  // With PostgreSQL nothing is on this machine's disk.
  if (!app.store.isShared) app.health.probe("disk", () => requireSpace(dataFolder), { everyMs: probeEveryMs });
  app.serveHealth({ details: guard });
  addHealthRoom(app, maySee);
  addSaleroomAlerts(app, { shared, inboxes, maySee });
  addMetrics(app, metricsToken === undefined || metricsToken === "" ? { guard } : { token: metricsToken });
}

async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < leastFreeBytes) throw new Error(`The disk has ${Math.round(free / 1e6)} MB left`);
}
