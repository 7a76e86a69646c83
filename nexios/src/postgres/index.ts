export { type MigratedDatabase, migrateDatabase } from "./migrate-database.ts";
export { createNotifyBroker, type NotifyBrokerOptions } from "./notify-broker.ts";
