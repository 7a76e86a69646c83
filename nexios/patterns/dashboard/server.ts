export { addDashboards, type DashboardsOptions, type DashboardView } from "./dashboards.ts";
export { type Select } from "./sampler.ts";
export { dashboardMigrations } from "./window-store.ts";
