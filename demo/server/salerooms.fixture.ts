import { type Client, createClient } from "nexios/client";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PostgresServer, startPostgres } from "../../commands/services/postgres.ts";
import { type RedisServer, startRedis } from "../../commands/services/redis-server.ts";
import { runSql } from "../../nexios/src/postgres/run-sql.fixture.ts";
import { type Program, startProgram } from "../../test/child-process.ts";

/** One process of the Saleroom. */
export interface Saleroom {
  readonly program: Program;
  readonly url: string;
}

/** Somebody who has come in. */
export interface Visitor {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

/** Processes of the Saleroom over one Redis and one PostgreSQL, each with a folder of its own, as on two machines. */
export class Salerooms {
  readonly redis: RedisServer;
  readonly #postgres: PostgresServer;
  readonly #folder = mkdtempSync(join(tmpdir(), "nexios-salerooms-"));
  readonly #programs: Program[] = [];
  readonly #clients: Client[] = [];
  #databases = 0;
  #folders = 0;
  #databaseUrl = "";

  private constructor(redis: RedisServer, postgres: PostgresServer) {
    this.redis = redis;
    this.#postgres = postgres;
  }

  static async open(): Promise<Salerooms> {
    const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const salerooms = new Salerooms(redis, postgres);
    await salerooms.begin();
    return salerooms;
  }

  /** From now on all is empty: what starts next has another database, and Redis has forgotten. */
  async begin(): Promise<void> {
    const name = `house_${++this.#databases}`;
    await runSql(this.#postgres.url, `create schema ${name}`);
    this.#databaseUrl = this.#postgres.schemaUrl(name);
    this.redis.command("FLUSHALL");
  }

  get databaseUrl(): string {
    return this.#databaseUrl;
  }

  /** Begins to start a process. */
  run(env: Readonly<Record<string, string>> = {}): Program {
    const program = startProgram(process.execPath, ["--conditions=source", "demo/server/main.ts"], {
      PORT: "0",
      HOST: "127.0.0.1",
      NODE_ENV: "production",
      REDIS_URL: this.redis.url,
      DATABASE_URL: this.#databaseUrl,
      NEXIOS_SECRET: "the one secret that all processes of the test are given",
      NEXIOS_DATA: join(this.#folder, String(++this.#folders)),
      ...env,
    });
    this.#programs.push(program);
    return program;
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<Saleroom> {
    const program = this.run(env);
    const [, url = ""] = await program.line(/^The Saleroom is open: (\S+)$/);
    return { program, url };
  }

  async comeIn({ url }: Saleroom, name: string): Promise<Visitor> {
    const response = await fetch(`${url}/api/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name }) });
    const { token, user } = (await response.json()) as { readonly token: string; readonly user: { readonly id: string } };
    return { id: user.id, name, token };
  }

  /** A device of somebody's at a process; with several it goes to the next when one is gone. */
  device({ token }: Visitor, ...at: readonly Saleroom[]): Client {
    const client = createClient({ url: at.map(({ url }) => `${url.replace("http", "ws")}/realtime`), token: () => token });
    this.#clients.push(client);
    return client;
  }

  /** All devices are switched off. */
  async leave(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  /** All processes end; gives their exit codes. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<readonly (number | null)[]> {
    return Promise.all(this.#programs.splice(0).map((program) => program.stop(signal)));
  }

  async close(): Promise<void> {
    await this.leave();
    await this.end("SIGKILL");
    await Promise.all([this.redis.stop(), this.#postgres.close()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
