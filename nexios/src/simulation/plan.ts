import type { RoomLimits } from "../rooms/limits.ts";
import { defaultRoomLimits } from "../rooms/limits.ts";
import type { RoomKind } from "./kinds/kind.ts";
import { planFaults } from "./plan-faults.ts";
import { createRandom, type Random } from "./random.ts";
import type { Plan, Step } from "./step.ts";

/** Faults and what members do end here; what follows is calm. */
export const activeMs = 60_000;
const users = ["ann", "bob", "cat", "dan", "eve", "fay", "ann", "bob"];
const callSteps = 500;
const bursts = 12;

/** What happens under a seed, in rooms of these kinds. */
export function createPlan(seed: number, kinds: readonly RoomKind[]): Plan {
  const random = createRandom(seed).fork("plan");
  const rooms = kinds.map(({ room }) => room);
  const processes = random.between(2, 3);
  const faults = planFaults(random.fork("faults"), random.between(7, 14), { processes, devices: users.length, rooms, endsAt: activeMs - 1_000 });
  const steps = [...planJoins(random.fork("joins"), kinds), ...planActions(random.fork("actions"), kinds), ...faults];
  return {
    seed,
    kinds: kinds.map(({ name }) => name),
    processes,
    devices: users,
    limits: planLimits(random.fork("limits")),
    steps: steps.toSorted((a, b) => a.at - b.at),
  };
}

/** Small ones, so that what they bound is reached. */
function planLimits(random: Random): Partial<RoomLimits> {
  return {
    history: { ...defaultRoomLimits.history, checkpointEvery: random.pick([5, 15, 40]), keepEntries: random.pick([0, 8, 40, 10_000]) },
    recentBytes: random.pick([2_000, 67_108_864]),
    snapshotPartBytes: random.pick([300, 65_536]),
    idleMs: random.pick([1_500, 60_000]),
    unsentBytes: random.pick([1_000, defaultRoomLimits.unsentBytes]),
  };
}

/** Everybody comes within the first seconds, most to most rooms; some leave, and come again. */
function planJoins(random: Random, kinds: readonly RoomKind[]): readonly Step[] {
  const steps: Step[] = [];
  for (const device of users.keys()) {
    for (const { room, presence } of kinds) {
      if (!random.chance(0.85) && kinds.length > 1) continue;
      const join = (at: number): Step => ({ at, kind: "join", device, room, ...(presence !== undefined && { presence: presence(random) }) });
      steps.push(join(random.chance(0.9) ? random.integer(2_000) : random.integer(40_000)));
      if (!random.chance(0.15)) continue;
      const leaveAt = random.between(5_000, 45_000);
      steps.push({ at: leaveAt, kind: "leave", device, room }, join(leaveAt + random.pick([0, 5, 500, 8_000])));
    }
  }
  return steps;
}

function planActions(random: Random, kinds: readonly RoomKind[]): readonly Step[] {
  const isHeavy = random.chance(0.25);
  // Some rooms fall silent early: what is lost then nothing later shows.
  const quietFrom = new Map(kinds.map((kind) => [kind, random.chance(0.4) ? random.between(20_000, activeMs - 5_000) : activeMs - 1_000]));
  const burst = Array.from({ length: bursts }, () => {
    const kind = random.pick(kinds);
    return { at: random.between(2_500, quietFrom.get(kind) ?? activeMs), kind };
  });
  const steps: Step[] = [];
  for (let index = 0; index < callSteps; index++) {
    const together = random.chance(0.4) ? random.pick(burst) : undefined;
    const kind = together?.kind ?? random.pick(kinds);
    const at = together === undefined ? random.between(2_200, quietFrom.get(kind) ?? activeMs) : together.at + random.integer(4);
    steps.push(planCall(random, at, kind, isHeavy));
  }
  for (const kind of kinds) steps.push(...planOthers(random, kind));
  return steps;
}

function planCall(random: Random, at: number, kind: RoomKind, isHeavy: boolean): Step {
  const device = random.integer(users.length);
  const { name, input } = kind.call(random, isHeavy);
  const call = { at, kind: "call", device, room: kind.room, name, input } as const;
  if (!random.chance(0.1)) return call;
  const tab = users.findIndex((user, other) => other !== device && user === users[device]);
  if (tab !== -1 && random.chance(0.5)) return { ...call, tab };
  return { ...call, againAfterMs: random.pick([0, 3, 40, 400]) };
}

function planOthers(random: Random, { room, question, signal, presence }: RoomKind): readonly Step[] {
  const steps: Step[] = [];
  for (let index = 0; index < 8; index++) {
    const at = (): number => random.between(2_500, activeMs - 1_000);
    const device = random.integer(users.length);
    steps.push({ at: at(), kind: "history", device, room, back: random.integer(30), limit: random.between(1, 20) });
    if (question !== undefined) steps.push({ at: at(), kind: "ask", device, room, ...question });
    if (signal !== undefined) steps.push({ at: at(), kind: "signal", device, room, ...signal(random) });
    if (presence !== undefined) steps.push({ at: at(), kind: "show", device, room, presence: presence(random) });
  }
  return steps;
}
