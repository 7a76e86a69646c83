import type { LoadProcess } from "./load-process.ts";
import { LoadProgram } from "./load-program.ts";
import { median, rounded, say } from "./measure.ts";
import type { ServerProcess } from "./server-process.ts";

/** What carries the same messages to the same number of members. */
const carriers = ["group", "volatile", "durable", "recoverable", "acknowledged"] as const;
type Carrier = (typeof carriers)[number];
type Shape = "single" | "burst";

const socketio = "/socket.io/?EIO=4&transport=websocket";
const asRoom = { server: "nexios-rooms", dialect: "room", path: "/realtime" };
const asEngine = { server: "socketio-rooms", dialect: "engine.io-acknowledged" };

/** A group has no writer among its members; the others do. socket.io once with its recovery, and once with a word from each member besides. */
const ways: Readonly<
  Record<Carrier, { readonly server: string; readonly dialect: string; readonly path: string; readonly room?: string; readonly publisherPath?: string }>
> = {
  group: { server: "nexios-fanout", dialect: "plain", path: "/members", publisherPath: "/publish" },
  volatile: { ...asRoom, room: "tally/one" },
  durable: { ...asRoom, room: "ledger/one" },
  // Both are one server: each has a room of its own there, or its members would get the other's messages too.
  recoverable: { ...asEngine, path: `${socketio}&room=recoverable` },
  acknowledged: { ...asEngine, path: `${socketio}&room=acknowledged&acks=1` },
};

/** What the load generator prints. */
interface Run {
  readonly deliveries: number;
  readonly wallMs: number;
  readonly userMs: number;
  readonly scheduledMs: number;
  readonly waitedMs: number;
  readonly loadBusy: number;
  readonly missing: number;
  readonly repeated: number;
  readonly damaged: number;
  readonly drained: boolean;
}

/** How many members get how much, and how often it is measured. */
export interface DeliveriesOptions {
  readonly members: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** The running server of a name. */
  readonly serverOf: (name: string) => ServerProcess;
}

/** What the bench of deliveries has found; ratios are medians of the rounds. */
export interface Deliveries {
  readonly toGroup: Readonly<Record<Shape, number>>;
  readonly durableToGroup: Readonly<Record<Shape, number>>;
  readonly toRecoverable: number;
  readonly toAcknowledged: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly faults: readonly string[];
}

/** The deliveries of a room per second of its server's CPU time, beside a group's and those of socket.io, in turns. */
export async function measureDeliveries({ members, bytes, rounds, seconds, warmUpSeconds, serverOf }: DeliveriesOptions): Promise<Deliveries> {
  await using stack = new AsyncDisposableStack();
  const program = stack.use(await LoadProgram.compile("fanout", members + 1));
  const loads = new Map<Carrier, LoadProcess>();
  for (const carrier of carriers) {
    const { server, dialect, path, room = "", publisherPath = path } = ways[carrier];
    const { ready, pid } = serverOf(server);
    const options = { port: ready.port, pid, members, bytes, dialect, room, path, "publisher-path": publisherPath };
    loads.set(carrier, stack.use(program.start(options)));
  }
  const runs = new Map<string, Run[]>();
  const faults: string[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const shape of ["single", "burst"] as const) {
      for (const [carrier, load] of loads) {
        // The first is for the compilers in the servers.
        load.order(round === 0 ? `${shape} 0 ${warmUpSeconds} 0` : `${shape} 0.2 ${seconds} 0`);
        const run = await load.answer<Run>();
        const name = `${carrier} ${shape}`;
        if (!run.drained || run.missing + run.repeated + run.damaged > 0) faults.push(`${name}: ${JSON.stringify(run)}`);
        if (round === 0) continue;
        runs.set(name, [...(runs.get(name) ?? []), run]);
        say(`${String(round).padStart(2)} ${name.padEnd(20)} ${JSON.stringify(figuresOf([run]))}`);
      }
    }
  }
  const ratio = (carrier: Carrier, base: Carrier, shape: Shape): number => ratioOf(runs.get(`${carrier} ${shape}`), runs.get(`${base} ${shape}`));
  return {
    toGroup: { single: ratio("volatile", "group", "single"), burst: ratio("volatile", "group", "burst") },
    durableToGroup: { single: ratio("durable", "group", "single"), burst: ratio("durable", "group", "burst") },
    toRecoverable: ratio("volatile", "recoverable", "burst"),
    toAcknowledged: ratio("volatile", "acknowledged", "burst"),
    details: Object.fromEntries([...runs].map(([name, each]) => [name, figuresOf(each)])),
    faults,
  };
}

/** By what the scheduler has counted, which is finer than the ticks of user and system time. */
function perCpuSecond({ deliveries, scheduledMs }: Run): number {
  return (deliveries / scheduledMs) * 1_000;
}

/** Of each round's two runs, which stand next to each other in time. */
function ratioOf(runs: readonly Run[] = [], bases: readonly Run[] = []): number {
  return rounded(median(runs.flatMap((run, round) => (bases[round] === undefined ? [] : [perCpuSecond(run) / perCpuSecond(bases[round])]))));
}

function figuresOf(each: readonly Run[]): Readonly<Record<string, number>> {
  const middle = (figure: (run: Run) => number): number => rounded(median(each.map(figure)));
  return {
    perCpuSecond: middle(perCpuSecond),
    perSecond: middle(({ deliveries, wallMs }) => (deliveries / wallMs) * 1_000),
    cpuUs: middle(({ deliveries, scheduledMs }) => (scheduledMs / deliveries) * 1_000),
    userUs: middle(({ deliveries, userMs }) => (userMs / deliveries) * 1_000),
    serverBusy: middle(({ wallMs, scheduledMs }) => scheduledMs / wallMs),
    loadBusy: middle(({ loadBusy }) => loadBusy),
    disturbed: middle(({ wallMs, waitedMs }) => waitedMs / wallMs),
  };
}
