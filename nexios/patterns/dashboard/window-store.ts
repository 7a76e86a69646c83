import type { MigrationSet, NexiosApp } from "nexios";
import type { Pace } from "./pace.ts";
import type { StoredBlock } from "./window.ts";

/** The tables of dashboards: `addDashboards` has them made, and `migrateDatabase` of `nexios/postgres` does before a deploy. */
export const dashboardMigrations: MigrationSet = {
  name: "dashboard",
  migrations: [
    {
      number: 1,
      name: "windows",
      // Earlier versions have made it themselves.
      sql: `create table if not exists dashboard_block (
        pace integer not null,
        tick integer not null,
        columns text not null,
        primary key (pace, tick)
      )`,
    },
  ],
};

/** Keeps windows over a restart, in the store of an app. */
export class WindowStore {
  readonly #store: NexiosApp["store"];

  constructor(store: NexiosApp["store"]) {
    this.#store = store;
  }

  /** Oldest first. @throws NexiosError UNAVAILABLE */
  async load({ seconds }: Pace): Promise<readonly StoredBlock[]> {
    const { rows } = await this.#store.query("select tick, columns from dashboard_block where pace = ? order by tick", [seconds]);
    return rows.map(({ tick, columns }) => ({ tick: Number(tick), columns: JSON.parse(String(columns)) as StoredBlock["columns"] }));
  }

  /** Keeps some steps more, and forgets those that no window holds any more: the oldest, and later ones where the clock has gone back. @throws NexiosError UNAVAILABLE */
  async keep(blocks: readonly { readonly pace: Pace; readonly block: StoredBlock; readonly isTurnedBack?: boolean }[]): Promise<void> {
    if (blocks.length === 0) return;
    await this.#store.transaction(async (tx) => {
      for (const { pace, block, isTurnedBack } of blocks) {
        const { tick, columns } = block;
        if (isTurnedBack === true) await tx.query("delete from dashboard_block where pace = ? and tick > ?", [pace.seconds, tick]);
        await tx.query("insert into dashboard_block (pace, tick, columns) values (?, ?, ?) on conflict (pace, tick) do nothing", [
          pace.seconds,
          tick,
          JSON.stringify(columns),
        ]);
        await tx.query("delete from dashboard_block where pace = ? and tick <= ?", [pace.seconds, tick - pace.steps]);
      }
    });
  }
}
