export { type PostgresOptions, type PostgresServer, startPostgres } from "../../commands/services/postgres.ts";
