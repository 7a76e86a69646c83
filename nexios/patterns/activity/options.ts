import type { systemClock, User } from "nexios";
import type { Metrics } from "nexios/metrics";
import type { StoredEvent } from "./event.ts";
import type { ActivityLimits } from "./limits.ts";

/** What an application decides of its visitors' activity. */
export interface ActivityOptions {
  /** The site's name: of the rooms `activity/{site}` and `track/{site}`, and part of each visitor's hash. `site` unless given. */
  readonly site?: string;
  /** Where events are posted to; `/activity` unless given. */
  readonly path?: string;
  /** The methods by which a visitor may prove to be a user; `["jwt"]` unless given. Who proves nothing is told by address and browser. */
  readonly auth?: readonly string[];
  /** Who may see the room `activity/{site}`. Nobody unless given. */
  readonly maySee?: (user: Pick<User, "id" | "name">) => boolean | Promise<boolean>;
  /** Properties whose values are counted as pages are, such as `["status"]`: `top("properties.status")`. */
  readonly countProperties?: readonly string[];
  /** Hears of events once they are stored. What it throws is reported. */
  readonly onStored?: (events: readonly StoredEvent[]) => void;
  /** Where the figures are registered: the app's own unless given. */
  readonly metrics?: Metrics;
  readonly limits?: Partial<ActivityLimits>;
  /** The app's, where it has one of its own. */
  readonly clock?: typeof systemClock;
}
