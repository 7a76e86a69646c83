// `npm run torture`: real processes over a bad line, killed again and again, and what is left of their promises.
import { parseArgs } from "node:util";
import { inspect } from "node:util";
import { auctionFindings } from "./torture/auction-findings.ts";
import { liftedLimits, liftedRoomLimits } from "./torture/auction-limits.ts";
import { type Stampede, type StampedeOptions, stampede } from "./torture/auction-run.ts";
import { editsFindings } from "./torture/edits-findings.ts";
import { type EditsTortureOptions, tortureEdits } from "./torture/edits-run.ts";
import { eventsFindings } from "./torture/events-findings.ts";
import { tortureEvents } from "./torture/events-run.ts";
import { tortureCluster } from "./torture/cluster/run.ts";
import { findingKinds } from "./torture/findings.ts";
import { torture, type TortureOptions } from "./torture/run.ts";

const names = ["rooms", "auction", "edits", "events"];
const help = `npm run torture -- [NAME] --minutes N

NAME             what is tortured: rooms, unless given, one lot of an auction, edits of one document, or durable events

--minutes N      how long, in minutes or parts of one; 2 unless given, 0.5 for an auction
--processes N    of rooms: servers at once; 1, on SQLite, unless given. More run over a Redis and a PostgreSQL that it starts
--members N      of rooms on several processes: 200 unless given, 4 of whom write
--keep           keeps the folder with the database and the histories, which otherwise goes unless something is wrong
--bidders N      of an auction: 1,000 unless given
--rate N         of an auction: bids a second, of all bidders together; 10,000 unless given. Of edits: of all clients together; 200 unless given
--kills N        of an auction: 2 unless given; of edits: 50 unless given
--clients N      of edits: 5 unless given

rooms: a server, and clients that reach it over a line that is cut, stalled, delayed, slowed down and left half open. The server is killed (SIGKILL) and started again at random
moments, at least five times a minute; about a tenth of the calls is sent twice. In the end everybody catches up, and a program of its own compares what each client
sent, was told and saw with the database. Exit code 1 when nothing happened, or when it found any of:

${describe(findingKinds)}

rooms on several processes: members reach all of them over such lines. About every 10 s one of the processes is killed (SIGKILL) and started again; Redis is restarted twice
and once held up for 5 s, and PostgreSQL is restarted once, in the midst of what it does. On a good line to each process somebody looks at who is here, and 6 s after each kill
the lists of all processes are compared with what the members themselves know. Redis' troubles and the 12 s behind each are left out of that.

auction: a server with one lot (soft close), and a crowd of which each twentieth folds what it sees with the client as it is shipped, and all others only hash it. The
server is killed (SIGKILL) and started again. In the end the log is decided once more by the rules, its prices and ends are made a second time without them, and what each
bidder was told and saw is compared with it. How many bids a machine takes is a figure and no fault; exit code 1 when nothing was accepted, or when it found any of:

${describe(auctionFindings)}

edits: a server with one document, in which clients type here and there, each edit by itself; each writes down what was acknowledged. The server is killed (SIGKILL) at random
moments, and before it is started again the file is read: all that was acknowledged must be in it. In the end all clients, a fresh one, the server and the file must have one
text. Exit code 1 when nothing was typed, or when it found any of:

${describe(editsFindings)}

events: a process in which 16 writers emit events of 50 keys in transactions, some slow, some rolled back, and subscriptions handle them: one writes down what it handles, one
writes rows in its transaction, one calls rooms, one reads these, and one can't handle what it is given. Handlers fail at random, and the process is killed (SIGKILL) about
every two seconds. In the end all is let be handled, and compared with the file. Exit code 1 when nothing was emitted, or when it found any of:

${describe(eventsFindings)}

Progress goes to standard error; the last line of standard output is one JSON object.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: "string" },
      processes: { type: "string", default: "1" },
      members: { type: "string", default: "200" },
      keep: { type: "boolean", default: false },
      bidders: { type: "string", default: "1000" },
      clients: { type: "string", default: "5" },
      rate: { type: "string" },
      kills: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [name = "rooms", ...more] = positionals;
  if (values.help) {
    console.log(help);
  } else if (more.length > 0 || !names.includes(name)) {
    console.error(help);
    console.error(`torture: there is no ${[name, ...more].join(" ")}`);
    process.exitCode = 1;
  } else if (name === "auction") {
    const [bidders, rate, kills] = [
      toCount("bidders", values.bidders, 1),
      toCount("rate", values.rate ?? "10000", 1),
      toCount("kills", values.kills ?? "2", 0),
    ];
    process.exitCode = await runAuction({ minutes: toMinutes(values.minutes ?? "0.5"), bidders, rate, kills, keeps: values.keep });
  } else if (name === "edits") {
    const [clients, rate, kills] = [toCount("clients", values.clients, 1), toCount("rate", values.rate ?? "200", 1), toCount("kills", values.kills ?? "50", 0)];
    process.exitCode = await runEdits({ minutes: toMinutes(values.minutes ?? "2"), clients, rate, kills, keeps: values.keep });
  } else if (name === "events") {
    process.exitCode = await runEvents(toMinutes(values.minutes ?? "2"), values.keep);
  } else {
    const [processes, members] = [toCount("processes", values.processes, 1), toCount("members", values.members, 5)];
    process.exitCode = await run(toMinutes(values.minutes ?? "2"), { processes, members, keeps: values.keep });
  }
} catch (error) {
  console.error(`torture: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
// Left to end by itself after an interruption, Node 26.10 was seen to spin for ever while it cleans up, once in twenty times.
await new Promise((told) => process.stdout.write("", told));
process.exit();

async function runAuction(options: Pick<StampedeOptions, "minutes" | "bidders" | "rate" | "kills" | "keeps">): Promise<number> {
  console.error(`torture: lifted limits: ${inspect({ ...liftedLimits, rooms: liftedRoomLimits }, { breakLength: Infinity })}`);
  const { summary, isBroken, examples, folder } = await stampede({ ...options, signal: signalOfEnd(), onStage: (what) => console.error(`torture: ${what}`) });
  return tell(summary, { isBroken, examples, folder, keeps: options.keeps });
}

async function runEdits(options: Pick<EditsTortureOptions, "minutes" | "clients" | "rate" | "kills" | "keeps">): Promise<number> {
  const { summary, ...rest } = await tortureEdits({ ...options, signal: signalOfEnd(), onStage: (what) => console.error(`torture: ${what}`) });
  return tell(summary, { ...rest, keeps: options.keeps });
}

async function runEvents(minutes: number, keeps: boolean): Promise<number> {
  const { summary, ...rest } = await tortureEvents({ minutes, keeps, signal: signalOfEnd(), onStage: (what) => console.error(`torture: ${what}`) });
  return tell(summary, { ...rest, keeps });
}

async function run(
  minutes: number,
  { processes, members, keeps }: { readonly processes: number; readonly members: number; readonly keeps: boolean },
): Promise<number> {
  const options: TortureOptions = {
    minutes,
    keeps,
    signal: signalOfEnd(),
    onStage: ({ what, kills, cuts, pids }) => console.error(`torture: ${what}; ${kills} kills, ${cuts} cuts so far (processes ${pids.join(", ")})`),
  };
  const { summary, ...rest } = processes === 1 ? await torture(options) : await tortureCluster({ ...options, processes, members });
  return tell(summary, { ...rest, keeps });
}

/** Prints what a run came to; gives the exit code. */
function tell(
  summary: object,
  { isBroken, examples, folder, keeps }: Pick<Stampede, "isBroken" | "examples" | "folder"> & { readonly keeps: boolean },
): number {
  for (const example of examples) console.error(example);
  if (isBroken || keeps) console.error(`torture: the database, the histories and what the processes printed are in ${folder}`);
  console.log(JSON.stringify(summary));
  return isBroken ? 1 : 0;
}

function signalOfEnd(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.abort());
  return ending.signal;
}

function describe(kinds: Readonly<Record<string, string>>): string {
  return Object.entries(kinds)
    .map(([kind, meaning]) => `${kind.padEnd(16)} ${meaning}`)
    .join("\n");
}

function toCount(name: string, text: string, least: number): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < least) throw new Error(`--${name} must be a whole number from ${least}, not ${text}`);
  return count;
}

function toMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes < Infinity)) throw new Error(`--minutes must be a number above 0, not ${text}`);
  return minutes;
}
