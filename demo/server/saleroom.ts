import { type AppOptions, NexiosApp, systemClock } from "nexios";
import { createActivityRoutes } from "./activity-routes.ts";
import { ActivityStore } from "./activity-store.ts";
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
  /** How long requests are kept; a week unless given. */
  readonly keepMs?: number;
  /** The house lists lots, and its robots bid and write; false unless given. */
  readonly robots?: boolean;
  /** The folder of the built web app; without it there are no pages. */
  readonly webFolder?: string;
  /** Ends the process as a crash would, for people who want to see it come back. Leave it out where nothing starts it again. */
  readonly restart?: () => void;
}

const weekMs = 7 * 24 * 3_600_000;
const forgetEveryMs = 60_000;
const recentMs = 15 * 60_000;
const recentRequests = 50_000;

/** The demo's app, with everything embedded. */
export function createSaleroom({ dataFolder, webFolder, restart, robots = false, keepMs = weekMs, ...options }: SaleroomOptions): NexiosApp {
  const clock = options.clock ?? systemClock;
  const env = options.env ?? process.env;
  const app = new NexiosApp({ ...options, env: { ...env, NEXIOS_DATA: dataFolder } });
  const store = new ActivityStore(dataFolder);
  let total = store.count;
  const control = new ControlRoom({ now: () => clock.now(), total: () => total });

  // What viewers saw before a restart, they see after it.
  for (const request of store.recent(clock.now() - recentMs, recentRequests)) control.restore(request);

  if (webFolder !== undefined) addWebFiles(app, webFolder);
  addSessionRoutes(app);
  addTroubleRoutes(app, { restart });
  app.add(houseRoom);
  const houseRobots = addSaleroomAuctions(app, { clock, hasRobots: robots });
  addDesk(app, { clock, robots: houseRobots });
  addSaleroomInbox(app, { dataFolder, clock });
  control.addTo(app);
  app.mount(
    "/",
    createActivityRoutes({
      store,
      now: () => clock.now(),
      keepMs,
      onRequest(request) {
        total++;
        control.record(request);
      },
    }),
  );
  app.every(forgetEveryMs, () => {
    if (keepMs !== Infinity) total -= store.forget(clock.now() - keepMs);
  });
  app.onStop(() => store.close());
  return app;
}
