export {
  createTracker,
  defaultTrackerLimits,
  type TrackedEvent,
  type Tracker,
  type TrackerCounts,
  type TrackerLimits,
  type TrackerOptions,
} from "./tracker.ts";
export type { TrackerWorld } from "./tracker-world.ts";
export { trackingWorld } from "./tracking-world.ts";
