import { once } from "node:events";
import { join } from "node:path";
import { type PostgresServer, startPostgres } from "../../commands/services/postgres.ts";
import { type RedisServer, startRedis } from "../../commands/services/redis-server.ts";
import { type Client, type ClientOptions, createClient } from "nexios/client";
import { type Program, startProgram } from "../child-process.ts";

/** One process of a cluster. */
export interface Process {
  readonly program: Program;
  readonly port: number;
  readonly url: string;
  /** What it has taken from others by the broker, by kind. */
  received(): Promise<Readonly<Record<string, number>>>;
}

/** Processes over one Redis and one PostgreSQL, all real. */
export interface Cluster {
  readonly redis: RedisServer;
  /** Settings: see `served-app.ts`. */
  start(env?: Readonly<Record<string, string>>): Promise<Process>;
  /** A client that goes by these addresses in turn. */
  enter(to: readonly { readonly port: number }[], user: string, options?: ClientOptions): Client;
  /** Somebody of a group; what comes is added to the list. */
  joinGroup(process: Process, name: string): Promise<{ readonly id: string; readonly heard: unknown[] }>;
  /** All clients leave. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export async function openCluster(): Promise<Cluster> {
  const [redis, postgres]: readonly [RedisServer, PostgresServer] = await Promise.all([startRedis(), startPostgres()]);
  const programs: Program[] = [];
  const clients: Client[] = [];
  const sockets: WebSocket[] = [];
  const leave = async (): Promise<void> => {
    for (const socket of sockets.splice(0)) socket.close();
    await Promise.all(clients.splice(0).map((client) => client.close()));
  };
  return {
    redis,
    async start(env = {}) {
      const settings = { REDIS_URL: redis.url, DATABASE_URL: postgres.url, NEXIOS_SECRET: "x".repeat(32), ...env };
      const program = startProgram(process.execPath, ["--conditions=source", join(import.meta.dirname, "served-app.ts")], settings);
      programs.push(program);
      const port = Number((await program.line(/^port (\d+)$/))[1]);
      const url = `http://127.0.0.1:${port}`;
      await fetch(`${url}/is/${port}`);
      return { program, port, url, received: async () => toReceived(await (await fetch(`${url}/metrics`)).text()) };
    },
    enter(to, user, options) {
      const client = createClient({ url: to.map(({ port }) => `http://127.0.0.1:${port}/realtime`), token: () => user, ...options });
      clients.push(client);
      return client;
    },
    async joinGroup({ port }, name) {
      const heard: unknown[] = [];
      const socket = new WebSocket(`ws://127.0.0.1:${port}/group/${name}`);
      sockets.push(socket);
      socket.addEventListener("message", ({ data }) => heard.push(JSON.parse(String(data))));
      await once(socket, "message");
      const { id } = heard.shift() as { readonly id: string };
      return { id, heard };
    },
    leave,
    async close() {
      await leave();
      await Promise.all(programs.map((program) => program.stop("SIGKILL")));
      await Promise.all([redis.stop(), postgres.close()]);
    },
  };
}

function toReceived(text: string): Readonly<Record<string, number>> {
  const lines = text.matchAll(/^nexios_broker_received(?:_total)?\{kind="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, kind, count]) => [kind, Number(count)]));
}
