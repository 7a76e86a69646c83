import { randomUUID } from "node:crypto";
import type { Client, ClientRoom } from "nexios/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { usePostgres } from "../../nexios/src/postgres/database.fixture.ts";
import { type RedisSentinel, startSentinel } from "../services/redis-sentinel.ts";
import { type RedisServer, startRedis } from "../../commands/services/redis-server.ts";
import { kept, passing } from "../stores/notes-app.ts";
import { type NotesProcess, startNotes } from "../stores/start-notes.ts";

/** As whom the sentinel and the replica come to the servers, and as whom the app does: without the first user they are cut off from a server, and the app is not. */
const [inner, outer] = ["inner", "outer"];
const users = [inner, outer].flatMap((user) => ["--user", user, "on", `>${user}`, "~*", "&*", "+@all"]);
const args = [...users, "--user", "default", "off", "--masteruser", inner, "--masterauth", inner];
const slow = { timeout: 60_000, interval: 100 };

const postgres = usePostgres();
let primary: RedisServer;
let replica: RedisServer;
let sentinel: RedisSentinel;
let processes: readonly NotesProcess[] = [];
let clients: readonly Client[] = [];

beforeAll(async () => {
  primary = await startRedis(args);
  replica = await startRedis([...args, "--replicaof", `127.0.0.1 ${primary.port}`]);
  sentinel = await startSentinel(primary.port, inner);
  await vi.waitUntil(() => sentinel.knows(replica.port), slow);
  const env = { DATABASE_URL: await postgres.newUrl(), REDIS_URL: `redis+sentinel://${outer}:${outer}@127.0.0.1:${sentinel.port}/own` };
  processes = await Promise.all([startNotes(env), startNotes(env)]);
  clients = processes.map((each, index) => each.connect(`user-${index}`));
}, 120_000);

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(processes.map(({ program }) => program.stop()));
  sentinel.stop();
  await Promise.all([primary.stop(), replica.stop()]);
});

type Notes = ClientRoom<typeof kept> | ClientRoom<typeof passing>;

function textsOf(rooms: readonly Notes[]): readonly (readonly string[])[] {
  return rooms.map(({ state }) => state?.texts ?? []);
}

/** The texts that all of them show, which is what waits for them to be. */
async function together(rooms: readonly Notes[], texts: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(textsOf(rooms)).toEqual(rooms.map(() => texts)), slow);
}

function ask(server: RedisServer, ...command: readonly string[]): string {
  return server.command("--user", outer, "--pass", outer, ...command);
}

function offsetOf(server: RedisServer): string | undefined {
  return /(?:master|slave)_repl_offset:(\d+)/.exec(ask(server, "INFO", "replication"))?.[1];
}

/** Connections as the app's user that a server has. */
function appsOn(server: RedisServer): number {
  return ask(server, "CLIENT", "LIST").split(`user=${outer}`).length - 1;
}

test("an app leaves a primary that was cut off, though it answers: what only that one took of a volatile room is gone for all alike, and durable rooms lose nothing", async () => {
  const id = randomUUID();
  const [passingRooms, keptRooms] = [clients.map((client) => client.join(passing, { id })), clients.map((client) => client.join(kept, { id }))];
  for (const rooms of [passingRooms, keptRooms]) expect(await rooms[0]!.call("put", { text: "before" })).toMatchObject({ kind: "accepted" });
  await together(passingRooms, ["before"]);
  await vi.waitFor(() => expect(offsetOf(replica)).toBe(offsetOf(primary)), slow);

  // It chooses nobody before the calls have been taken.
  sentinel.signal("SIGSTOP");
  ask(primary, "ACL", "DELUSER", inner);
  await vi.waitFor(() => expect(ask(primary, "INFO", "replication")).toContain("connected_slaves:0"), slow);
  const told = [];
  for (const rooms of [passingRooms, keptRooms]) for (const room of rooms) told.push(await room.call("put", { text: `cut ${told.length}` }));
  const seen = textsOf(passingRooms);
  sentinel.signal("SIGCONT");
  await vi.waitFor(() => expect(sentinel.primaryPort()).toBe(replica.port), slow);

  await together(passingRooms, ["before"]);
  expect(await passingRooms[1]!.call("put", { text: "after" })).toMatchObject({ kind: "accepted" });
  expect(await keptRooms[0]!.call("put", { text: "after" })).toMatchObject({ kind: "accepted" });
  await together(passingRooms, ["before", "after"]);
  await together(keptRooms, ["before", "cut 2", "cut 3", "after"]);
  expect(told.map((outcome) => outcome.kind === "accepted" && outcome.kept)).toEqual(["memory", "memory", "stored", "stored"]);
  expect(seen[0]).toContain("cut 0");
  // What asks is one of them.
  expect(appsOn(primary)).toBe(1);
  expect(ask(primary, "ROLE").split("\n")[0]).toBe("master");
}, 180_000);
