import type { LoadProcess } from "./load-process.ts";
import { LoadProgram } from "./load-program.ts";
import { median, rounded, say } from "./measure.ts";
import type { ServerProcess } from "./server-process.ts";

const room = { server: "nexios-rooms", dialect: "room", path: "/realtime" };

const socketio = { server: "socketio-rooms", dialect: "engine.io-acknowledged", path: "/socket.io/?EIO=4&transport=websocket", room: "" };

const ten = { "under-way": 10 };

/**
 * Ways to ask a server something and get its reply, and to whom it is told: to nobody, to the caller, or to all callers. In a room of one's own each caller is told of its
 * call; in a shared one calls of many are decided as one batch. Each caller has one call under way, or ten.
 */
const ways = {
  socketio: { ...socketio, told: "none" },
  volatile: { ...room, room: "tally/own-#", told: "caller" },
  durable: { ...room, room: "ledger/own-#", told: "caller" },
  secretVolatile: { ...room, room: "urn/shared", told: "none" },
  secretDurable: { ...room, room: "safe/shared", told: "none" },
  question: { ...room, dialect: "room-questions", room: "tally/asked", told: "none" },
  socketioToAll: { ...socketio, path: `${socketio.path}&room=called`, told: "all" },
  toAll: { ...room, room: "tally/shared", told: "all" },
  socketioTen: { ...socketio, ...ten, told: "none" },
  volatileTen: { ...room, ...ten, room: "tally/ten-#", told: "caller" },
  durableTen: { ...room, ...ten, room: "ledger/ten-#", told: "caller" },
  questionTen: { ...room, ...ten, dialect: "room-questions", room: "tally/asked", told: "none" },
} as const;
type Way = keyof typeof ways;
type Compared = Exclude<Way, "socketio" | "socketioToAll" | "socketioTen">;

/** What the load generator prints. */
interface Run {
  readonly calls: number;
  readonly wallMs: number;
  readonly userMs: number;
  readonly scheduledMs: number;
  readonly waitedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly loadBusy: number;
  readonly unanswered: number;
  readonly faults: number;
}

/** How many call, and how often it is measured. */
export interface CallsOptions {
  readonly callers: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** The running server of a name. */
  readonly serverOf: (name: string) => ServerProcess;
}

/** Replies per second of the server's CPU time against those of socket.io that does the same; where it remembers nothing, with what comes nearest. Medians of the rounds. */
export interface Calls {
  readonly ratios: Readonly<Record<Compared, number>>;
  readonly details: Readonly<Record<string, unknown>>;
  readonly faults: readonly string[];
}

/** Callers, beside those of socket.io, in turns. */
export async function measureCalls({ callers, bytes, rounds, seconds, warmUpSeconds, serverOf }: CallsOptions): Promise<Calls> {
  await using stack = new AsyncDisposableStack();
  const program = stack.use(await LoadProgram.compile("calls", callers));
  const loads = new Map<Way, LoadProcess>();
  for (const [way, { server, told, ...options }] of Object.entries(ways) as [Way, (typeof ways)[Way]][]) {
    const { ready, pid } = serverOf(server);
    loads.set(
      way,
      stack.use(program.start({ port: ready.port, pid, members: callers, bytes, entries: { none: 0, caller: 1, all: callers }[told], ...options })),
    );
  }
  const runs = new Map<Way, Run[]>();
  const faults: string[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const [way, load] of loads) {
      // The first is for the compilers in the servers.
      load.order(round === 0 ? `0 ${warmUpSeconds}` : `0.2 ${seconds}`);
      const run = await load.answer<Run>();
      if (run.unanswered + run.faults > 0) faults.push(`${way}: ${JSON.stringify(run)}`);
      if (round === 0) continue;
      runs.set(way, [...(runs.get(way) ?? []), run]);
      say(`${String(round).padStart(2)} calls ${way.padEnd(16)} ${JSON.stringify(figuresOf([run]))}`);
    }
  }
  const ratio = (way: Compared, base: Way = "socketio"): number => {
    const bases = runs.get(base) ?? [];
    return rounded(median((runs.get(way) ?? []).map((run, round) => perCpuSecond(run) / perCpuSecond(bases[round] ?? run))));
  };
  return {
    ratios: {
      volatile: ratio("volatile"),
      durable: ratio("durable"),
      secretVolatile: ratio("secretVolatile"),
      secretDurable: ratio("secretDurable"),
      question: ratio("question"),
      toAll: ratio("toAll", "socketioToAll"),
      volatileTen: ratio("volatileTen", "socketioTen"),
      durableTen: ratio("durableTen", "socketioTen"),
      questionTen: ratio("questionTen", "socketioTen"),
    },
    details: Object.fromEntries([...runs].map(([way, each]) => [way, figuresOf(each)])),
    faults,
  };
}

function perCpuSecond({ calls, scheduledMs }: Run): number {
  return (calls / scheduledMs) * 1_000;
}

function figuresOf(each: readonly Run[]): Readonly<Record<string, number>> {
  const middle = (figure: (run: Run) => number): number => rounded(median(each.map(figure)));
  return {
    perCpuSecond: middle(perCpuSecond),
    perSecond: middle(({ calls, wallMs }) => (calls / wallMs) * 1_000),
    cpuUs: middle(({ calls, scheduledMs }) => (scheduledMs / calls) * 1_000),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    serverBusy: middle(({ wallMs, scheduledMs }) => scheduledMs / wallMs),
    loadBusy: middle(({ loadBusy }) => loadBusy),
    disturbed: middle(({ wallMs, waitedMs }) => waitedMs / wallMs),
  };
}
