// A person's inbox: how long a device that was away needs to catch up, within what is kept and beyond it; and one key, asked for 1,000 times.
import { parseArgs } from "node:util";

import { createClient } from "nexios/client";
import { inboxRoom } from "nexios/notifications";

import { DataFolder } from "./data-folder.ts";
import { atMost } from "./goal.ts";
import { machine, median, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

const { values } = parseArgs({ options: { away: { type: "string", default: "10000" }, rounds: { type: "string", default: "5" } } });
const [away, rounds] = [Number(values.away), Number(values.rounds)];
const goalMs = 1_000;
const faults: string[] = [];

await using _folder = await DataFolder.make();
await using server = await ServerProcess.start("nexios-inbox");
say(`inbox: ${away} notifications; ${machine()}`);
say(`lifted limits: ${server.ready.lifted}`);

/** Begins a device anew, or where one has stopped. */
function open() {
  const client = createClient({ url: `ws://127.0.0.1:${server.ready.port}/realtime`, token: () => "ann", limits: { lingerMs: 0 } });
  return { client, room: client.join(inboxRoom, { userId: "ann" }) };
}

async function reach(room: ReturnType<typeof open>["room"], top: number): Promise<number> {
  const startedAt = performance.now();
  while ((room.state?.top ?? 0) < top) await new Promise<void>((resolve) => void room.onChange(resolve));
  return performance.now() - startedAt;
}

let top = 0;
const caughtUp: number[] = [];
const fresh: number[] = [];
const resumes: string[] = [];
for (let round = 1; round <= rounds; round++) {
  const { client, room } = open();
  await reach(room, top);
  room.leave();
  while (room.status.kind !== "idle") await new Promise<void>((resolve) => void room.onChange(resolve));
  for (let made = 0; made < away; made += 500) await server.ask("fill");
  top += away;
  room.hold();
  caughtUp.push(await reach(room, top));
  resumes.push(room.lastResume?.why ?? `${room.lastResume?.entries} entries`);
  const other = open();
  fresh.push(await reach(other.room, top));
  if (JSON.stringify(other.room.state?.counts) !== JSON.stringify(room.state?.counts)) faults.push(`round ${round}: two devices count differently`);
  await Promise.all([client.close(), other.client.close()]);
  say(`${round} of ${rounds}: caught up in ${Math.round(caughtUp.at(-1) ?? 0)} ms, a new device in ${Math.round(fresh.at(-1) ?? 0)} ms`);
}
const repeats = [await server.ask<{ ids: string[]; made: number }>("repeat"), await server.ask<{ ids: string[]; made: number }>("repeat")];
const made = repeats.reduce((sum, each) => sum + each.made, 0);
if (made !== 1 || new Set(repeats.flatMap(({ ids }) => ids)).size !== 1) faults.push(`one key made ${made}`);

for (const fault of faults) say(`FAULT: ${fault}`);
console.log(
  JSON.stringify({
    caughtUpMs: { ...atMost(goalMs, rounded(median(caughtUp))), max: rounded(Math.max(...caughtUp)), resumes },
    newDeviceMs: rounded(median(fresh)),
    oneKeyTimes: 1_000,
    oneKeyMade: made,
    away,
    faults: faults.length,
    versions: versionsOf(["nexios"]),
    machine: machine(),
  }),
);
if (faults.length > 0) process.exitCode = 1;
