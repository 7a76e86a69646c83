export { type ColumnFacts, type Point, type Stat } from "./column.ts";
export { dashboardRoom, type DashboardRoom } from "./contract.ts";
export type { Block, DashboardEntry, Frame, Opening, TopList } from "./frame.ts";
export { type Pace, defaultPaces } from "./pace.ts";
export type { Sample } from "./sample.ts";
export { type Column, type Dashboard } from "./state.ts";
export type { StoredBlock, Window } from "./window.ts";
