// `npm run simulate -- [NAME]`: runs whole clusters under a virtual clock, with faults, and judges them.
import { parseArgs } from "node:util";
import { roomKinds } from "../nexios/src/simulation/room-kinds.ts";
import { runBrokenVariants } from "./simulate/broken-variants.ts";
import { showFailure } from "./simulate/failure.ts";
import { patternNames } from "./simulate/run-seed.ts";
import { runSeeds } from "./simulate/seeds.ts";

const names = [...roomKinds.map(({ name }) => name), ...patternNames];
const help = `npm run simulate -- [NAME | broken-variants] [--seeds N] [--from S]

NAME        a kind of room or a pattern: ${names.join(", ")}; all kinds of rooms together unless given
            inbox: one person with five devices, and what is created, seen, read and sent meanwhile
            dashboard: viewers at two paces that join late, are cut, hidden, slow and asleep, and all have the same window at the same place
            broken-variants: instead of what is shipped, clusters with one part that is broken on purpose; each must be noticed within N seeds

--seeds N   how many runs; 200 unless given
--from S    the first seed; 1 unless given

Each seed is a cluster of 2 or 3 processes with 8 devices and a virtual minute of calls and faults, then half a minute of calm in which all must be as promised.
The same seed gives the same run. The first seed that breaks a promise is shortened and shown. Exit code 1 when any did.

Progress goes to standard error; the last line of standard output is one JSON object.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seeds: { type: "string", default: "200" }, from: { type: "string", default: "1" }, help: { type: "boolean", default: false } },
  });
  const [name, ...more] = positionals;
  const [seeds, from] = [toCount(values.seeds, "--seeds", 1), toCount(values.from, "--from", 0)];
  if (values.help) {
    console.log(help);
  } else if (name === "broken-variants" && more.length === 0) {
    const summary = await runBrokenVariants(seeds);
    if (summary.caught < summary.of) process.exitCode = 1;
    console.log(JSON.stringify(summary));
  } else if (more.length > 0 || (name !== undefined && !names.includes(name))) {
    console.error(help);
    process.exitCode = 1;
  } else {
    const { summary, brokenSeeds } = await runSeeds({ name, seeds, from });
    if (brokenSeeds.length > 0) {
      process.exitCode = 1;
      await showFailure(brokenSeeds, name);
    }
    console.log(JSON.stringify({ ...summary, firstSeed: summary.firstSeed ?? null }));
  }
} catch (error) {
  console.error(`simulate: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function toCount(text: string, option: string, least: number): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < least) throw new Error(`${option} must be a whole number from ${least}, not ${text}`);
  return count;
}
