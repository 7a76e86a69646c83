// `npm run torture`: real processes over a bad line, killed again and again, and what is left of their promises.
import { parseArgs } from "node:util";
import { findingKinds } from "./torture/findings.ts";
import { torture } from "./torture/run.ts";

const names = ["rooms"];
const help = `npm run torture -- [NAME] --minutes N

NAME             what is tortured: rooms, on SQLite, unless given

--minutes N      how long, in minutes or parts of one; 2 unless given
--processes N    servers at once; on SQLite only 1
--keep           keeps the folder with the database and the histories, which otherwise goes unless something is wrong

A server, and clients that reach it over a line that is cut, stalled, delayed, slowed down and left half open. The server is killed (SIGKILL) and started again at random
moments, at least five times a minute; about a tenth of the calls is sent twice. In the end everybody catches up, and a program of its own compares what each client
sent, was told and saw with the database. Exit code 1 when nothing happened, or when it found any of:

${Object.entries(findingKinds)
  .map(([kind, meaning]) => `${kind.padEnd(16)} ${meaning}`)
  .join("\n")}

Progress goes to standard error; the last line of standard output is one JSON object.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: "string", default: "2" },
      processes: { type: "string", default: "1" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [name = "rooms", ...more] = positionals;
  if (values.help) {
    console.log(help);
  } else if (more.length > 0 || !names.includes(name)) {
    console.error(help);
    process.exitCode = 1;
  } else {
    process.exitCode = await run(toMinutes(values.minutes), toProcesses(values.processes), values.keep);
  }
} catch (error) {
  console.error(`torture: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function run(minutes: number, _processes: 1, keeps: boolean): Promise<number> {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.abort());
  const { summary, isBroken, examples, folder } = await torture({
    minutes,
    keeps,
    signal: ending.signal,
    onStage: ({ what, kills, cuts, pids }) => console.error(`torture: ${what}; ${kills} kills, ${cuts} cuts so far (processes ${pids.join(", ")})`),
  });
  for (const example of examples) console.error(example);
  if (isBroken || keeps) console.error(`torture: the database, the histories and what the processes printed are in ${folder}`);
  console.log(JSON.stringify(summary));
  return isBroken ? 1 : 0;
}

function toMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes < Infinity)) throw new Error(`--minutes must be a number above 0, not ${text}`);
  return minutes;
}

function toProcesses(text: string): 1 {
  const processes = Number(text);
  if (!Number.isSafeInteger(processes) || processes < 1) throw new Error(`--processes must be a whole number from 1, not ${text}`);
  if (processes !== 1) throw new Error(`--processes can only be 1: one process owns a database of SQLite, and there is no other store yet`);
  return processes;
}
