import type { DiskName, FaultStep, Step } from "./step.ts";
import type { Random } from "./random.ts";

/** Where faults fall. */
export interface FaultGround {
  readonly processes: number;
  readonly devices: number;
  readonly rooms: readonly string[];
  /** By when all has healed. */
  readonly endsAt: number;
}

type Timed = readonly Step[];
type FaultMaker = (at: number, random: Random, ground: FaultGround) => Timed;

const makers: Readonly<Record<string, FaultMaker>> = {
  cut: (at, random, { devices }) => [{ at, kind: "cut", device: random.integer(devices) }],
  // Many at once, as when a balancer dies.
  cuts: (at, random, { devices }) => Array.from({ length: devices }, (_, device) => ({ at: at + random.integer(50), kind: "cut" as const, device })),
  halfOpen: (at, random, { devices, endsAt }) => [{ at: Math.min(at, endsAt - 10_000), kind: "half-open", device: random.integer(devices) }],
  slow(at, random, { devices, endsAt }) {
    const device = random.integer(devices);
    return [
      { at, kind: "slow", device, bytesPerSecond: random.pick([0, 0, 200, 2_000]) },
      { at: within(at + random.between(1_000, 15_000), endsAt), kind: "fast", device },
    ];
  },
  off(at, random, { devices, endsAt }) {
    const device = random.integer(devices);
    return [
      { at, kind: "off", device },
      { at: within(at + random.between(500, 20_000), endsAt), kind: "on", device },
    ];
  },
  reload: (at, random, { devices }) => [{ at, kind: "reload", device: random.integer(devices) }],
  brokerLossy: (at, random, { endsAt }) => [
    {
      at,
      kind: "broker-lossy",
      ms: lasting(at, random.between(1_000, 15_000), endsAt),
      lose: random.pick([0, 0.05, 0.3, 0.9]),
      double: random.pick([0, 0.2]),
      reorder: random.pick([0, 0.2]),
      delayMs: random.pick([0, 50, 1_000]),
    },
  ],
  /** What is said last is lost: nothing that follows shows it. */
  brokerMute(_at, random, { endsAt }) {
    const at = endsAt - random.between(2_000, 10_000);
    return [{ at, kind: "broker-lossy", ms: endsAt - at, lose: 1, double: 0, reorder: 0, delayMs: 0 }];
  },
  brokerAway: (at, random, { endsAt }) => [{ at, kind: "broker-away", ms: lasting(at, random.between(200, 10_000), endsAt) }],
  kill: killAndRestart,
  killOften: killAndRestart,
  /** Some go with the process and do not come back at once: only so can others see that they are gone. */
  killWithDevices(at, random, ground) {
    const gone = Array.from({ length: 2 }, () => random.integer(ground.devices));
    const backAt = within(at + random.between(9_000, 14_000), ground.endsAt);
    return [
      ...gone.map((device) => ({ at: at + random.integer(3), kind: "off" as const, device })),
      ...gone.map((device) => ({ at: backAt, kind: "on" as const, device })),
      ...killAndRestart(at, random, ground),
    ];
  },
  stall: (at, random, { processes, endsAt }) => [
    { at, kind: "stall", process: random.integer(processes), ms: lasting(at, random.pick([300, 1_500, 4_000, 9_000]), endsAt) },
  ],
  /** Calls that have come to a process that stands still are made again by another, and decided there first. */
  stallAndCut(at, random, { processes, devices, endsAt }) {
    const cuts = Array.from({ length: devices }, (_, device) => ({ at: within(at + random.between(50, 1_500), endsAt), kind: "cut" as const, device }));
    return [{ at, kind: "stall", process: random.integer(processes), ms: lasting(at, random.between(2_000, 6_000), endsAt) }, ...cuts];
  },
  clockStep: (at, random, { processes }) => [
    { at, kind: "clock-step", process: random.integer(processes), ms: random.pick([-3_600_000, -2_000, 2_000, 3_600_000]) },
  ],
  diskFailing: (at, random, { endsAt }) => [{ at, kind: "disk-failing", disk: diskOf(random), ms: lasting(at, random.between(100, 4_000), endsAt) }],
  diskAway: (at, random, { endsAt }) => [{ at, kind: "disk-away", disk: diskOf(random), ms: lasting(at, random.between(100, 10_000), endsAt) }],
  diskSlow: (at, random, { endsAt }) => [
    { at, kind: "disk-slow", disk: diskOf(random), ms: lasting(at, random.between(500, 8_000), endsAt), factor: random.pick([5, 40, 200]) },
  ],
  loseTail: (at, random) => [{ at, kind: "lose-tail", entries: random.between(1, 12) }],
  /** While many talk: one process may append before another has seen that what it stands on is gone. */
  loseTailAndTalk(at, random, { devices, rooms, endsAt }) {
    const room = rooms.find((name) => name.startsWith("chat/"));
    if (room === undefined) return [];
    const talk = Array.from({ length: 16 }, () => {
      const said = { name: "say", input: { text: `line ${random.integer(20)}` } };
      return { at: within(at + random.between(-60, 400), endsAt), kind: "call" as const, device: random.integer(devices), room, ...said };
    });
    return [{ at, kind: "lose-tail", entries: random.between(1, 3) }, ...talk];
  },
  wipe: (at, _random, { rooms }) => rooms.filter((room) => room.startsWith("chat/")).map((room) => ({ at, kind: "wipe", room })),
  deploy: (at, random, { processes }) => [{ at, kind: "deploy", process: random.integer(processes), version: 2 }],
  revoke: (at, random, { devices, rooms }) => [{ at, kind: "revoke", device: random.integer(devices), room: random.pick(rooms) }],
  drain(at, random, { processes, endsAt }) {
    const process = random.integer(processes);
    const startsAt = Math.min(at, endsAt - drainMs);
    return [
      { at: startsAt, kind: "drain", process },
      { at: startsAt + drainMs, kind: "restart", process },
    ];
  },
};

/** By when a process that drains is gone, and the next one starts. */
const drainMs = 17_000;

/** What goes wrong in a run: at least `least` things, each of which ends in time. */
export function planFaults(random: Random, least: number, ground: FaultGround): readonly Step[] {
  const names = Object.keys(makers);
  const steps: Step[] = [];
  for (let made = 0; made < least;) {
    const maker = makers[random.pick(names)];
    const more = maker?.(random.between(3_000, ground.endsAt - 3_000), random, ground) ?? [];
    if (more.length > 0) made++;
    steps.push(...more);
  }
  return steps;
}

/** Whether a step is something that goes wrong, and not its end or what members do. */
export function isFault({ kind }: Step): boolean {
  return faultKinds.has(kind);
}

const faultKinds: ReadonlySet<Step["kind"]> = new Set<FaultStep["kind"]>([
  "cut",
  "half-open",
  "slow",
  "off",
  "reload",
  "broker-lossy",
  "broker-away",
  "kill",
  "drain",
  "stall",
  "clock-step",
  "disk-failing",
  "disk-away",
  "disk-slow",
  "lose-tail",
  "wipe",
  "deploy",
  "revoke",
]);

function killAndRestart(at: number, random: Random, { processes, endsAt }: FaultGround): Timed {
  const process = random.integer(processes);
  return [
    { at, kind: "kill", process },
    { at: within(at + random.between(200, 9_000), endsAt), kind: "restart", process },
  ];
}

function diskOf(random: Random): DiskName {
  return random.chance(0.6) ? "durable" : "volatile";
}

function within(at: number, endsAt: number): number {
  return Math.min(at, endsAt - 500);
}

function lasting(at: number, ms: number, endsAt: number): number {
  return within(at + ms, endsAt) - at;
}
