// `npm run replay -- KIND FILE`: drives a server with recorded data.
import { parseArgs } from "node:util";
import { replayActivity } from "./replay/activity.ts";

const help = `npm run replay -- activity FILE [--url URL] [--speed N]

activity   an access log in Apache's combined format, plain or .gz

--url URL   drives a running server, N times as fast as it was recorded; each request is made "now"
--speed N   1 unless given; with --url only
without --url a server of its own is started on a free port and an empty folder, its clock set to the records, and it is fed as fast as it answers

Progress goes to standard error; the last line of standard output is one JSON object.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: "string" }, speed: { type: "string", default: "1" }, help: { type: "boolean", default: false } },
  });
  const [kind, file] = positionals;
  const speed = Number(values.speed);
  if (values.help) {
    console.log(help);
  } else if (kind !== "activity" || file === undefined) {
    console.error(help);
    process.exitCode = 1;
  } else if (!(speed > 0)) {
    throw new Error(`--speed must be a number above 0, not ${values.speed}`);
  } else {
    console.log(JSON.stringify(await replayActivity(file, { url: values.url, speed })));
  }
} catch (error) {
  console.error(`replay: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
