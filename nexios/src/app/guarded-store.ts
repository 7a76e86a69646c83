import type { Store } from "../log/store.ts";

/** A handler's transaction inside of another would wait for it. */
export function guardStore(store: Store, requireNoTransaction: () => void): Store {
  return {
    log: store.log,
    readings: store.readings,
    async transaction(run) {
      requireNoTransaction();
      return store.transaction(run);
    },
    query: (sql, values) => store.query(sql, values),
    migrate: (migrations, set) => store.migrate(migrations, set),
    close: () => store.close(),
  };
}
