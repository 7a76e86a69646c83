// What rooms cost that nobody talks in: 10,000 with a member each, and 100,000 that were called once.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createMemoryBroker } from "../nexios/src/broker/memory-broker.ts";
import { accept } from "../nexios/src/contract/decision.ts";
import { defineRoom } from "../nexios/src/contract/define-room.ts";
import { hostRoom } from "../nexios/src/contract/host-room.ts";
import { type } from "../nexios/src/contract/type.ts";
import { jsonEncoding } from "../nexios/src/protocol/json-encoding.ts";
import { toCallId } from "../nexios/src/protocol/call-id.ts";
import type { Gateway } from "../nexios/src/rooms/gateway.ts";
import type { Line } from "../nexios/src/rooms/line.ts";
import { Rooms } from "../nexios/src/rooms/rooms.ts";
import { SqliteLog } from "../nexios/src/sqlite/sqlite-log.ts";
import { systemClock } from "../nexios/src/world/clock.ts";
import { machine, rounded, say, toMb } from "./measure.ts";

const { values } = parseArgs({ options: { idle: { type: "string", default: "10000" }, named: { type: "string", default: "100000" } } });
const idle = Number(values.idle);
const named = Number(values.named);
const roomsPerLine = 50;
const idleMs = 2_000;
/** Told in the promises: an idle room with a member, and one that was named once. */
const bounds = { idleRoomBytes: 4_096, namedRoomBytes: 64 };

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const tally = defineRoom("tally/{id}", {
  log: "durable",
  entry: type<{ line: string }>(),
  state: type<{ count: number }>(),
  calls: { say: { input: type<{ line: string }>() } },
}).fold({ count: 0 }, ({ count }) => ({ count: count + 1 }));
const served = hostRoom(tally.serve({ authorize: () => true, input: { say: { unchecked: true } }, decide: { say: (_state, input) => accept(input) } }));

const folder = await mkdtemp(join(tmpdir(), "nexios-idle-rooms-"));
const log = await SqliteLog.open({ file: join(folder, "log.db"), synchronous: "normal", now: () => Date.now(), newEpoch: () => crypto.randomUUID() });
const rooms = new Rooms([served], {
  processId: "bench",
  logs: { durable: log, volatile: log },
  broker: createMemoryBroker(),
  clock: systemClock,
  newCallId: (now) => toCallId(now, crypto.getRandomValues(new Uint8Array(10))),
  limits: { idleMs },
});
await rooms.start();
await rooms.call("tally/warm", { name: "say", input: { line: "" } });
await setTimeout(2 * idleMs);

const atStart = await heap();
const gateways = await joinAll();
await setTimeout(2 * idleMs);
const withIdle = await heap();
say(`${idle} idle rooms with a member each: ${perRoom(withIdle - atStart, idle)} bytes each; heap ${toMb(atStart)} -> ${toMb(withIdle)} MB`);

const startedAt = performance.now();
let peak = withIdle;
for (let id = 0; id < named; id += 1_000) {
  await Promise.all(
    Array.from({ length: Math.min(1_000, named - id) }, (_, index) => rooms.call(`tally/once-${id + index}`, { name: "say", input: { line: "hello" } })),
  );
  peak = Math.max(peak, process.memoryUsage().heapUsed);
}
const namedPerSecond = rounded(named / ((performance.now() - startedAt) / 1_000));
const openAtOnce = rooms.openRooms;
await setTimeout(3 * idleMs);
const afterNamed = await heap();
say(
  `${named} rooms named once: ${openAtOnce} open at the last, ${rooms.openRooms} after ${idleMs} ms of rest; heap ${toMb(withIdle)} -> ${toMb(afterNamed)} MB`,
);

for (const gateway of gateways) gateway.ended();
await setTimeout(2 * idleMs);
const atEnd = await heap();
const result = {
  idleRoomBytes: perRoom(withIdle - atStart, idle),
  namedRoomBytes: perRoom(Math.max(0, afterNamed - withIdle), named),
  heapMb: { atStart: toMb(atStart), withIdle: toMb(withIdle), peak: toMb(peak), afterNamed: toMb(afterNamed), atEnd: toMb(atEnd) },
  rssMb: toMb(process.memoryUsage().rss),
  namedPerSecond,
  openAtEnd: rooms.openRooms,
  idle,
  named,
  bounds,
  machine: machine(),
  node: process.version,
};
await rooms.close();
await log.close();
await rm(folder, { recursive: true });
console.log(JSON.stringify(result));
if (result.idleRoomBytes > bounds.idleRoomBytes || result.namedRoomBytes > bounds.namedRoomBytes) process.exitCode = 1;

async function heap(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await setTimeout(50);
  }
  return process.memoryUsage().heapUsed;
}

function perRoom(bytes: number, count: number): number {
  return Math.round(bytes / count);
}

async function joinAll(): Promise<readonly Gateway[]> {
  const joined: Gateway[] = [];
  for (let first = 0; first < idle; first += roomsPerLine) {
    let answers = 0;
    const all = Promise.withResolvers<void>();
    const line: Line = {
      id: `line-${first}`,
      user: { id: `user-${first}`, name: "" },
      encoding: jsonEncoding,
      unsentBytes: 0,
      send: (message) => {
        // A reply to a join, and then its snapshot.
        answers += message.length > 0 ? 1 : 0;
        if (answers === 2 * Math.min(roomsPerLine, idle - first)) all.resolve();
      },
      close: () => undefined,
    };
    const gateway = rooms.connect(line);
    for (let index = first; index < Math.min(idle, first + roomsPerLine); index++) {
      gateway.take({ kind: "join", id: index, room: `tally/${index}`, version: 1, since: undefined, presence: undefined });
    }
    await all.promise;
    joined.push(gateway);
  }
  return joined;
}
