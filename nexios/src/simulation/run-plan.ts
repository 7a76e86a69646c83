import type { RoomUser } from "../contract/serve-options.ts";
import { Cluster } from "./cluster.ts";
import type { Device } from "./device.ts";
import type { Violation } from "./findings.ts";
import { type RoomKind, secretMark } from "./kinds/kind.ts";
import { activeMs } from "./plan.ts";
import { createRandom } from "./random.ts";
import { roomKinds } from "./room-kinds.ts";
import { Stage } from "./stage.ts";
import type { Plan } from "./step.ts";
import type { Variant } from "./variant.ts";
import { passVerdict, watchErrors } from "./verdict.ts";

/** What a run came to. */
export interface RunResult {
  readonly violations: readonly Violation[];
  readonly calls: number;
  /** Entries that were committed, hidden and lost ones too. */
  readonly entries: number;
  /** How often each kind of fault did something. */
  readonly faults: Readonly<Record<string, number>>;
  /** Snapshots because what a member had missed was gone. */
  readonly gaps: number;
  readonly virtualMs: number;
  /** Events of the scheduler. */
  readonly steps: number;
}

const calmMs = 30_000;
/** So long may it take until all stand at the head, after the calm. */
const settleMs = 5_000;
/** When those who have seen nothing before come to look. */
const lookAfterMs = 20_000;

/** Runs a plan, and judges it. The same plan gives the same result, on every machine. */
export async function runPlan(plan: Plan, variant: Variant = {}): Promise<RunResult> {
  const kinds = roomKinds.filter(({ name }) => plan.kinds.includes(name));
  const secret = new TextEncoder().encode(secretMark);
  const rooms = kinds.map(({ served }) => served);
  const cluster = new Cluster({ random: createRandom(plan.seed).fork("cluster"), processes: plan.processes, rooms, limits: plan.limits, variant, secret });
  const devices = plan.devices.map((userId, number) => cluster.addDevice(`${userId}#${number}`, toUser(userId)));
  const stage = new Stage(cluster, devices);
  const { scheduler, findings } = cluster;
  try {
    await watchErrors(findings, async () => {
      cluster.start();
      for (const device of devices) device.start();
      for (const step of plan.steps) scheduler.at(step.at, () => stage.play(step));
      await scheduler.run(activeMs);
      stage.heal();
      await scheduler.run(lookAfterMs);
      const observers = cluster.processes.map(({ number }) => addObserver(cluster, number, kinds));
      await scheduler.run(calmMs - lookAfterMs);
      // What was appended in the last moment is on its way.
      await scheduler.runUntil(() => cluster.devices.every((device) => isAtHead(device, cluster)), settleMs);
      passVerdict(cluster, stage, [...devices, ...observers], kinds);
    });
  } catch (error) {
    findings.report("errors", `the run broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    cluster.close();
  }
  const joined = devices.flatMap((device) => [...device.rooms.values()]);
  return {
    violations: findings.violations,
    calls: sum(joined.map(({ calls }) => calls.size)),
    entries: sum(kinds.map(({ room }) => cluster.diskOf(room).everCommitted(room).length)),
    faults: stage.journal.faults,
    gaps: sum(joined.map(({ copy }) => copy.seen.filter((seen) => seen.kind === "snapshot" && seen.why === "gap").length)),
    virtualMs: scheduler.now,
    steps: scheduler.steps,
  };
}

/** One that comes by a certain process and takes what it gets: its snapshots are that process's states. */
function addObserver(cluster: Cluster, process: number, kinds: readonly RoomKind[]): Device {
  const observer = cluster.addDevice(`observer#${process}`, toUser(`observer${process}`), process);
  for (const { room } of kinds) observer.join(room);
  observer.start();
  return observer;
}

function isAtHead(device: Device, cluster: Cluster): boolean {
  if (!device.isOn) return true;
  return [...device.rooms.values()].every(({ name, isWanted, client }) => !isWanted || client?.position?.count === headOf(cluster, name));
}

function headOf(cluster: Cluster, room: string): number {
  return (
    cluster
      .diskOf(room)
      .committed(room)
      .findLast((entry) => entry.public !== undefined)?.public?.position ?? 0
  );
}

function toUser(id: string): RoomUser {
  return { id, name: id.toUpperCase() };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
