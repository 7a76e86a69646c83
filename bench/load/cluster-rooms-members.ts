// Members of `cluster-rooms`, one in each room, many on one connection; half of the rooms on each of the processes. Reads orders from standard input and answers each with a line of JSON.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";

const { values } = parseArgs({
  options: { ports: { type: "string" }, rooms: { type: "string" }, "rooms-per-connection": { type: "string" }, tokens: { type: "string" } },
});
const ports = (values.ports ?? "").split(",").map(Number);
const rooms = Number(values.rooms);
const perConnection = Number(values["rooms-per-connection"]);
const tokens = (await readFile(values.tokens ?? "", "utf8")).split("\n");
/** Connections that are opened at once. */
const atOnce = 20;
/** One that is refused comes again so much later. */
const againMs = 500;
/** Entries that were stored last may still be under way. */
const patienceMs = 15_000;
/** The server takes a member that says nothing for lost. */
const aliveEveryMs = 10_000;

interface Frame {
  readonly t: string;
  readonly i?: number;
  readonly r?: number;
  readonly c?: number;
  readonly s?: number;
  readonly o?: number;
  readonly y?: number;
  readonly p?: readonly [epoch: string, count: number, check: number];
}

/** How far the member of each room has come; `undefined`: it is not in. */
const counts: (number | undefined)[] = Array.from({ length: rooms }, () => undefined);
let [members, entries, faults, snapshots, refused] = [0, 0, 0, 0, 0];

/** Joins rooms in one message, as a client does, and comes again where the server has too much to do. Resolves when the states of all of them are there. */
async function connect(port: number, token: string, ids: readonly number[]): Promise<void> {
  while (!(await isOpen(port, token, ids))) await setTimeout(againMs);
}

/** `false`: the server would not have the connection now. */
function isOpen(port: number, token: string, ids: readonly number[]): Promise<boolean> {
  const all = Promise.withResolvers<boolean>();
  /** By the process's number. */
  const joined = new Map<number, number>();
  const waiting = new Set(ids);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/realtime`, "nexios.v1.json", { perMessageDeflate: false });
  socket.on("unexpected-response", (request) => {
    refused++;
    request.destroy();
    all.resolve(false);
  });
  socket.on("open", () => {
    socket.send([JSON.stringify({ t: "o", token }), ...ids.map(toJoin)].join("\n"));
    setInterval(() => socket.send('{"t":"t","sentAt":1}'), aliveEveryMs).unref();
  });
  socket.on("error", all.reject);
  socket.on("close", (code) => all.reject(new Error(`The server closed a connection with ${code}`)));
  socket.on("message", (message: Buffer) => {
    for (const text of message.toString().split("\n")) take(JSON.parse(text) as Frame, text);
    if (waiting.size === 0) all.resolve(true);
  });

  function take({ t, i, r, c, s, o, p, y }: Frame, text: string): void {
    const id = joined.get(r ?? -1);
    if (t === "j" && i !== undefined && r !== undefined) joined.set(r, i);
    else if (t === "e" && id !== undefined) follow(id, c ?? 0);
    else if (t === "s" && id !== undefined && (s ?? 0) + 1 === o && p !== undefined) {
      if (!waiting.delete(id)) snapshots++;
      else members++;
      counts[id] = p[1];
    } else if (t === "f" && i !== undefined && y !== undefined) {
      refused++;
      void setTimeout(y).then(() => socket.send(toJoin(i)));
    } else if (t === "f" || t === "l" || t === "d") console.error(`A member got ${text}`);
  }
  return all.promise;
}

function toJoin(id: number): string {
  return JSON.stringify({ t: "j", i: id, r: `tally/${id}`, v: 1, d: { at: "home" } });
}

function follow(id: number, count: number): void {
  entries++;
  if (count !== (counts[id] ?? 0) + 1) faults++;
  counts[id] = count;
}

async function joinAll(): Promise<unknown> {
  const startedAt = performance.now();
  const due: (() => Promise<void>)[] = [];
  for (const [process, port] of ports.entries()) {
    const own = Array.from({ length: rooms }, (_, id) => id).filter((id) => id % ports.length === process);
    for (let at = 0; at < own.length; at += perConnection) {
      const token = tokens[due.length] ?? "";
      due.push(() => connect(port, token, own.slice(at, at + perConnection)));
    }
  }
  // In turns, so that every process has something to do.
  const order = due.map((_, index) => due[(index % ports.length) * Math.ceil(due.length / ports.length) + Math.floor(index / ports.length)]);
  const opener = async (): Promise<void> => {
    for (let open = order.shift(); open !== undefined; open = order.shift()) await open();
  };
  const connections = due.length;
  await Promise.all(Array.from({ length: atOnce }, opener));
  return { members, connections, refused, seconds: (performance.now() - startedAt) / 1_000 };
}

/** Compares with what the log says of some rooms; nothing may have come in the others. */
async function end(stored: readonly (readonly [id: number, count: number])[]): Promise<unknown> {
  const expected = counts.map(() => 1);
  for (const [id, count] of stored) expected[id] = count;
  const missing = (): number => counts.filter((count, id) => count !== expected[id]).length;
  for (const until = performance.now() + patienceMs; missing() > 0 && performance.now() < until;) await setTimeout(100);
  return { entries, faults, missing: missing(), snapshots };
}

const orders: Readonly<Record<string, (argument: string) => unknown>> = {
  join: joinAll,
  entries: () => entries,
  end: (argument) => end(JSON.parse(argument) as readonly (readonly [number, number])[]),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name = ""] = line.split(" ", 1);
  console.log(JSON.stringify(await orders[name]?.(line.slice(name.length + 1))));
}
process.exit();
