import { type Accepted, accept, type ServedRoom } from "nexios/contract";
import { Cluster } from "../../src/simulation/cluster.ts";
import { playToEnd } from "../../src/simulation/play-to-end.fixture.ts";
import { createRandom } from "../../src/simulation/random.ts";
import type { RunResult } from "../../src/simulation/run-plan.ts";
import { dashboardRoom, type DashboardRoom } from "./contract.ts";
import { DashboardRun, samplerId } from "./dashboard-run.fixture.ts";
import type { DashboardEntry, Frame } from "./frame.ts";
import { serveDashboard } from "./serve-dashboard.ts";
import type { Dashboard } from "./state.ts";

/** What is other than shipped, so that a test sees whether the judge notices. */
export interface DashboardVariant {
  /** What it makes of the state before, the entry, and the right state after it. */
  readonly evolve?: (before: Dashboard, entry: DashboardEntry, after: Dashboard) => Dashboard;
  /** What it appends in place of a frame. */
  readonly frame?: (frame: Frame) => Frame;
  /** What a viewer makes of a snapshot. */
  readonly takeSnapshot?: (dashboard: Dashboard) => Dashboard;
  /** How far behind somebody may be and still get the steps one by one. */
  readonly resumeEntries?: number;
}

type Decide = (state: unknown, input: unknown, context: unknown) => unknown;

/** Viewers of one dashboard at two paces, for some virtual minutes of cuts, sleeps, hidden pages, slow lines and kills, and a calm in which all must agree. The same seed gives the same run. */
export async function runDashboardSeed(seed: number, variant: DashboardVariant = {}): Promise<RunResult> {
  const random = createRandom(seed);
  const { served, contract } = serveVariant(variant);
  const limits = { unsentBytes: random.fork("limits").pick([500, 65_536]), recentBytes: random.fork("recent").pick([2_000, 67_108_864]) };
  const cluster = new Cluster({ random: random.fork("cluster"), processes: random.fork("size").between(2, 3), rooms: [[served]], limits });
  const { scheduler, findings } = cluster;
  const run = new DashboardRun(cluster, contract, random);
  await playToEnd(cluster, run);
  const snapshots = cluster.devices.flatMap((device) => [...device.rooms.values()]).flatMap(({ copy }) => copy.seen.filter(({ kind }) => kind === "snapshot"));
  const whys = Map.groupBy(snapshots, (seen) => (seen.kind === "snapshot" ? seen.why : ""));
  return {
    violations: findings.violations,
    calls: run.calls,
    entries: run.roomNames.reduce((sum, room) => sum + cluster.diskOf(room).everCommitted(room).length, 0),
    faults: { ...run.faults, "too far": whys.get("far")?.length ?? 0 },
    gaps: whys.get("gap")?.length ?? 0,
    virtualMs: scheduler.now,
    steps: scheduler.steps,
  };
}

/** The server's half, in which the sampler is the server: a simulation has no calls but those of devices. */
function serveVariant({ evolve, frame, takeSnapshot, resumeEntries }: DashboardVariant): { readonly served: ServedRoom; readonly contract: DashboardRoom } {
  const { options, inner, ...rest } = serveDashboard({ authorize: () => true, paces: new Set(["1", "5"]), mostColumns: 2_000 });
  const asServer = Object.entries(options.decide ?? {}).map(([call, one]): [string, Decide] => [
    call,
    (state, input, context) => {
      // The framework gives it so.
      const known = context as { readonly user: { readonly id: string } };
      const decision = one(state, input, known.user.id === samplerId ? { ...known, user: { id: "nexios", name: "nexios" } } : known);
      return frame === undefined ? decision : withFrames(decision, frame);
    },
  ]);
  const changed = { ...options, decide: Object.fromEntries(asServer), ...(resumeEntries !== undefined && { resumeEntries }) };
  const contract: DashboardRoom = {
    ...dashboardRoom,
    evolve(state, entry) {
      const after = dashboardRoom.evolve(state, entry);
      return evolve?.(state, entry, after) ?? after;
    },
    decodeState(bytes, version) {
      const state = dashboardRoom.decodeState(bytes, version);
      return takeSnapshot?.(state) ?? state;
    },
  };
  const fold = { ...inner, evolve: (state: unknown, entry: unknown) => contract.evolve(state as Dashboard, entry as DashboardEntry) };
  return { served: { ...rest, contract, inner: fold, options: changed }, contract };
}

function withFrames(decision: unknown, change: (frame: Frame) => Frame): unknown {
  const { kind, entries } = decision as Accepted<DashboardEntry>;
  if (kind !== "accepted") return decision;
  return accept<DashboardEntry>(entries.map((entry) => ("frame" in entry ? change(entry) : entry)));
}
