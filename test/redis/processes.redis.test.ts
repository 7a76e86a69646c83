import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { toCallId } from "../../nexios/src/protocol/call-id.ts";
import { openRedis } from "../../nexios/src/redis/open-redis.ts";
import { toRedisSettings } from "../../nexios/src/redis/redis-options.ts";
import { systemClock } from "../../nexios/src/world/clock.ts";
import { type Client, type ClientRoom, createClient } from "nexios/client";
import { type Program, startProgram } from "../child-process.ts";
import { type RedisServer, startRedis, startRedisCluster } from "../../commands/services/redis-server.ts";
import { openWay } from "../cluster/way.ts";
import { list } from "./served-app.ts";

interface Process {
  readonly program: Program;
  readonly port: number;
}

let redis: RedisServer;
let processes: Process[] = [];
let clients: Client[] = [];
const sockets: WebSocket[] = [];

beforeAll(async () => {
  redis = await startRedis();
  processes = await Promise.all([startProcess(), startProcess()]);
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  for (const socket of sockets) socket.close();
  clients = [];
});

afterAll(async () => {
  await Promise.all(processes.map(({ program }) => program.stop("SIGKILL")));
  await redis.stop();
});

async function startProcess(url = redis.url): Promise<Process> {
  const env = { REDIS_URL: url, NEXIOS_SECRET: "x".repeat(32) };
  const program = startProgram(process.execPath, ["--conditions=source", join(import.meta.dirname, "served-app.ts")], env);
  const [, port] = await program.line(/^port (\d+)$/);
  return { program, port: Number(port) };
}

function enter(port: number, user: string, id: string, isShown = false): ClientRoom<typeof list> {
  const client = createClient({ url: `http://127.0.0.1:${port}/realtime`, token: () => user });
  clients.push(client);
  return client.join(list, { id }, isShown ? { presence: { at: 1 } } : {});
}

function textsOf(room: ClientRoom<typeof list>): readonly string[] {
  return room.state?.texts ?? [];
}

async function joinGroup(port: number): Promise<unknown[]> {
  const heard: unknown[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/group`);
  sockets.push(socket);
  await new Promise<void>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      heard.push(JSON.parse(String(data)));
      resolve();
    });
  });
  return heard;
}

test("members of one room on two processes see one order of what both write at once, nothing missing or twice", async () => {
  const id = randomUUID();
  const rooms = processes.flatMap(({ port }) => [enter(port, "ann", id), enter(port, "bob", id)]);

  const calls = rooms.flatMap((room, who) => Array.from({ length: 25 }, (_, index) => room.call("put", { text: `${who}.${index}` })));
  const lengths = (await Promise.all(calls)).map((outcome) => (outcome.kind === "accepted" ? outcome.result.length : 0));

  await vi.waitFor(() => expect(rooms.map((room) => textsOf(room).length)).toEqual([100, 100, 100, 100]), 10_000);
  expect(new Set(rooms.map((room) => textsOf(room).join())).size).toBe(1);
  expect(new Set(textsOf(rooms[0]!)).size).toBe(100);
  expect(new Set(lengths).size).toBe(100);
});

test("a group's payload reaches the members on both processes, each once", async () => {
  const members = await Promise.all(processes.flatMap(({ port }) => Array.from({ length: 20 }, () => joinGroup(port))));

  for (const { port } of processes) await fetch(`http://127.0.0.1:${port}/send/${port}`, { method: "POST" });

  await vi.waitFor(() => expect(members.every((heard) => heard.length === 3)).toBe(true), 5_000);
  const expected = new Set(processes.map(({ port }) => JSON.stringify({ text: `${port}` })));
  for (const heard of members) expect(new Set(heard.slice(1).map((each) => JSON.stringify(each)))).toEqual(expected);
});

test("a process without members of a room takes none of its traffic", async () => {
  const id = randomUUID();
  const room = enter(processes[0]!.port, "ann", id);
  await room.call("put", { text: "a" });

  const channels = redis.command("PUBSUB", "SHARDCHANNELS", `*${id}`).split("\n").filter(Boolean);

  expect(channels).toHaveLength(1);
  expect(redis.command("PUBSUB", "SHARDNUMSUB", channels[0]!).split("\n")).toEqual([channels[0], "1"]);
});

test("who is here is told on both processes, and who was on one that is killed is gone on the other, and nobody else", async () => {
  const id = randomUUID();
  const victim = await startProcess();
  const [ann, bob, eve] = [enter(processes[0]!.port, "ann", id, true), enter(processes[1]!.port, "bob", id, true), enter(victim.port, "eve", id, true)];
  const seenBy = (room: ClientRoom<typeof list>): readonly string[] => room.people.map(({ userId }) => userId).toSorted((a, b) => a.localeCompare(b));
  await vi.waitFor(() => {
    for (const room of [ann, bob, eve]) expect(seenBy(room)).toEqual(["ann", "bob", "eve"]);
  }, 10_000);
  const lost = new Set<string>();
  ann.onChange(() => {
    for (const user of ["ann", "bob"]) if (!seenBy(ann).includes(user)) lost.add(user);
  });

  await victim.program.stop("SIGKILL");

  await vi.waitFor(() => {
    for (const room of [ann, bob]) expect(seenBy(room)).toEqual(["ann", "bob"]);
  }, 6_500);
  expect([...lost]).toEqual([]);
});

test("a member whose process is killed goes on at the other one, with all that it has missed and nothing twice", async () => {
  const id = randomUUID();
  const victim = await startProcess();
  const way = await openWay(victim.port);
  const [mover, other] = [enter(way.port, "eve", id), enter(processes[0]!.port, "ann", id)];
  const received: string[] = [];
  mover.onEntry(({ value }) => received.push(value.text));
  await other.call("put", { text: "before" });
  await vi.waitFor(() => expect(textsOf(mover)).toEqual(["before"]));

  await victim.program.stop("SIGKILL");
  for (const text of ["away 1", "away 2"]) await other.call("put", { text });
  way.leadTo(processes[1]!.port);
  await vi.waitFor(() => expect(textsOf(mover)).toEqual(["before", "away 1", "away 2"]), 15_000);
  await other.call("put", { text: "after" });

  await vi.waitFor(() => expect(received.slice(-3)).toEqual(["away 1", "away 2", "after"]));
  await way.close();
});

test("a call that is sent to both processes takes effect once, and is answered alike", async () => {
  const id = randomUUID();
  const callId = toCallId(Date.now(), randomBytes(10));
  const send = async (port: number): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/put/${id}/x/${callId}`, { method: "POST" })).json();

  const answers = await Promise.all([...processes, ...processes, ...processes].map(({ port }) => send(port)));

  for (const answer of answers) expect(answer).toMatchObject({ kind: "accepted", result: { length: 1 } });
  const room = enter(processes[0]!.port, "ann", id);
  await vi.waitFor(() => expect(textsOf(room)).toEqual(["x"]));
});

test("when Redis has lost a room its members are told of another past, and go on together", async () => {
  const id = randomUUID();
  const [ann, bob] = processes.map(({ port }) => enter(port, "ann", id));
  await ann!.call("put", { text: "lost" });
  await vi.waitFor(() => expect(textsOf(bob!)).toEqual(["lost"]), 5_000);

  await redis.restart();
  await vi.waitFor(() => ann!.call("put", { text: "new" }), { timeout: 20_000 });

  await vi.waitFor(
    () => {
      expect(textsOf(ann!).filter((text) => text === "lost")).toEqual([]);
      expect(textsOf(bob!)).toEqual(textsOf(ann!));
      expect(textsOf(bob!)).toContain("new");
    },
    { timeout: 20_000 },
  );
});

test("an entry that no message has told of is seen on every process within two seconds", async () => {
  const id = randomUUID();
  const rooms = processes.map(({ port }) => enter(port, "ann", id));
  await rooms[0]!.call("put", { text: "told" });
  await vi.waitFor(() => expect(rooms.map(textsOf)).toEqual([["told"], ["told"]]), 5_000);
  const { broker, openLog } = await openRedis(toRedisSettings({ url: redis.url }), { clock: systemClock, random: Math.random });
  const log = openLog({ now: () => Date.now(), newEpoch: randomUUID });
  const bytes = Buffer.from(JSON.stringify({ text: "silent" }));

  await log.append({ room: `list/${id}`, from: await log.head(`list/${id}`), keys: [] }, ({ head }) => ({
    entries: [{ at: log.now(), author: "eve", callId: undefined, version: 1, bytes, publicBytes: bytes }],
    outcomes: [],
    erase: [],
    version: 1,
    wakeAt: undefined,
    callsSince: head.callsSince,
  }));

  await vi.waitFor(
    () =>
      expect(rooms.map(textsOf)).toEqual([
        ["told", "silent"],
        ["told", "silent"],
      ]),
    2_500,
  );
  await broker.close();
});

test("on a cluster rooms, people and groups of two processes hold as on one server", async () => {
  const cluster = await startRedisCluster();
  const two = await Promise.all([startProcess(cluster.url), startProcess(cluster.url)]);
  const ids = Array.from({ length: 8 }, () => randomUUID());
  const rooms = ids.map((id) => two.map(({ port }, index) => enter(port, `user ${index}`, id, true)));
  const members = await Promise.all(two.map(({ port }) => joinGroup(port)));

  await Promise.all(rooms.flatMap((each) => each.flatMap((room) => Array.from({ length: 10 }, (_, index) => room.call("put", { text: `${index}` })))));
  await fetch(`http://127.0.0.1:${two[0].port}/send/hello`, { method: "POST" });

  await vi.waitFor(() => {
    for (const each of rooms) {
      expect(each.map((room) => [textsOf(room).length, room.peopleCount])).toEqual([
        [20, 2],
        [20, 2],
      ]);
      expect(textsOf(each[0]!)).toEqual(textsOf(each[1]!));
    }
    expect(members.map((heard) => heard.slice(1))).toEqual([[{ text: "hello" }], [{ text: "hello" }]]);
  }, 15_000);
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(two.map(({ program }) => program.stop()));
  await cluster.stop();
});
