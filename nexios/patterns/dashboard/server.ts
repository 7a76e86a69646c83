export { addDashboards, type DashboardsOptions, type DashboardView } from "./dashboards.ts";
export { type Select } from "./sampler.ts";
