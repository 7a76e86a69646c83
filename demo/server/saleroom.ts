import { type AppOptions, NexiosApp, shareMetrics, systemClock } from "nexios";
import type { ActivityLimits } from "nexios/activity/server";
import { addSaleroomActivity } from "./activity.ts";
import { addSaleroomAuctions } from "./auction/auctions.ts";
import { addControlRoom } from "./control/control.ts";
import { everybodyMaySee, type MaySee } from "./control/may-see.ts";
import { measureRequests } from "./control/measure-requests.ts";
import { addDesk } from "./desk/desk.ts";
import { houseRoom } from "./house-room.ts";
import { addSaleroomInbox } from "./inbox/inbox.ts";
import { addSessionRoutes } from "./session-routes.ts";
import { addTroubleRoutes } from "./trouble-routes.ts";
import { addWebFiles } from "./web-files.ts";

/** What a saleroom needs. */
export interface SaleroomOptions extends AppOptions {
  /** The folder of the SQLite file and of secrets that are made here. */
  readonly dataFolder: string;
  /** What is taken of visitors' activity, and how long it is kept. */
  readonly activity?: Partial<ActivityLimits>;
  /** The house lists lots, and its robots bid and write; false unless given. */
  readonly robots?: boolean;
  /** Who may see the control room, and what it stands on; everybody who has come in unless given. */
  readonly maySee?: MaySee;
  /** The folder of the built web app; without it there are no pages. */
  readonly webFolder?: string;
  /** Ends the process as a crash would, for people who want to see it come back. Leave it out where nothing starts it again. */
  readonly restart?: () => void;
}

/** The demo's app, with everything embedded. */
export function createSaleroom({
  dataFolder,
  webFolder,
  restart,
  robots = false,
  activity: limits = {},
  maySee = everybodyMaySee,
  ...options
}: SaleroomOptions): NexiosApp {
  const clock = options.clock ?? systemClock;
  const env = options.env ?? process.env;
  const app = new NexiosApp({ ...options, env: { ...env, NEXIOS_DATA: dataFolder } });
  const shared = shareMetrics(app, { clock });
  // Around all that answers.
  measureRequests(app, clock);
  addSaleroomActivity(app, { clock, limits, maySee });

  if (webFolder !== undefined) addWebFiles(app, webFolder);
  addSessionRoutes(app);
  addTroubleRoutes(app, { restart });
  app.add(houseRoom);
  const houseRobots = addSaleroomAuctions(app, { clock, shared, hasRobots: robots });
  addDesk(app, { clock, shared, robots: houseRobots });
  const inboxes = addSaleroomInbox(app, { dataFolder, clock, secret: env["NEXIOS_SECRET"] });
  addControlRoom(app, { clock, shared, inboxes, maySee, dataFolder, metricsToken: env["METRICS_TOKEN"] });
  return app;
}
