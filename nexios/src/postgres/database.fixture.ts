import { afterAll, beforeAll } from "vitest";
import { type PostgresOptions, type PostgresServer, startPostgres } from "../../../commands/services/postgres.ts";
import { runSql } from "./run-sql.fixture.ts";

/** A server for the tests of one file, and as many empty databases in it as they like. */
export interface TestPostgres {
  readonly server: PostgresServer;
  /** The URL of an empty schema. */
  newUrl(): Promise<string>;
  /** Runs SQL as nobody of ours would. */
  sql(url: string, text: string): Promise<readonly Record<string, unknown>[]>;
}

/** Starts it before the tests of this file, and ends it behind them. */
export function usePostgres(options: PostgresOptions = {}): TestPostgres {
  let server: PostgresServer | undefined;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgres(options);
  }, 60_000);
  afterAll(() => server?.close());
  const started = (): PostgresServer => {
    if (server === undefined) throw new Error("The server is started before the tests");
    return server;
  };
  return {
    get server() {
      return started();
    },
    async newUrl() {
      const name = `case_${++schemas}`;
      await runSql(started().url, `create schema ${name}`);
      return started().schemaUrl(name);
    },
    sql: runSql,
  };
}
