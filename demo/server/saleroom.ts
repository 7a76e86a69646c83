import { type AppOptions, NexiosApp, systemClock } from "nexios";
import type { ActivityLimits } from "nexios/activity/server";
import { addSaleroomActivity } from "./activity.ts";
import { addSaleroomAuctions } from "./auction/auctions.ts";
import { ControlRoom } from "./control-room.ts";
import { addDesk } from "./desk/desk.ts";
import { houseRoom } from "./house-room.ts";
import { addSaleroomInbox } from "./inbox/inbox.ts";
import { addSessionRoutes } from "./session-routes.ts";
import { addTroubleRoutes } from "./trouble-routes.ts";
import { addWebFiles } from "./web-files.ts";

/** What a saleroom needs. */
export interface SaleroomOptions extends AppOptions {
  /** The folder of the SQLite file and the secret. */
  readonly dataFolder: string;
  /** What is taken of visitors' activity, and how long it is kept. */
  readonly activity?: Partial<ActivityLimits>;
  /** The house lists lots, and its robots bid and write; false unless given. */
  readonly robots?: boolean;
  /** The folder of the built web app; without it there are no pages. */
  readonly webFolder?: string;
  /** Ends the process as a crash would, for people who want to see it come back. Leave it out where nothing starts it again. */
  readonly restart?: () => void;
}

/** The demo's app, with everything embedded. */
export function createSaleroom({ dataFolder, webFolder, restart, robots = false, activity: limits = {}, ...options }: SaleroomOptions): NexiosApp {
  const clock = options.clock ?? systemClock;
  const env = options.env ?? process.env;
  const app = new NexiosApp({ ...options, env: { ...env, NEXIOS_DATA: dataFolder } });
  const control: ControlRoom = new ControlRoom({ now: () => clock.now(), total: async () => (await activity.summary({ from: 0 })).events });
  const activity = addSaleroomActivity(app, { clock, limits, control });

  if (webFolder !== undefined) addWebFiles(app, webFolder);
  addSessionRoutes(app);
  addTroubleRoutes(app, { restart });
  app.add(houseRoom);
  const houseRobots = addSaleroomAuctions(app, { clock, hasRobots: robots });
  addDesk(app, { clock, robots: houseRobots });
  addSaleroomInbox(app, { dataFolder, clock });
  control.addTo(app);
  return app;
}
