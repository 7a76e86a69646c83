export type { Activity, TopOptions } from "./activity.ts";
export { addActivity } from "./add-activity.ts";
export { type ActivityLimits, defaultActivityLimits } from "./limits.ts";
export type { ActivityOptions } from "./options.ts";
export { activityMigrations } from "./tables.ts";
export type { ActivitySummary, Span, StepCount } from "./reading.ts";
