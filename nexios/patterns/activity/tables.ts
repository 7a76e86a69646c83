import type { MigrationSet } from "nexios";

/** Steps of time for which events are counted. */
export const steps = { minute: 60_000, hour: 3_600_000 } as const;
export type Step = keyof typeof steps;

/** A count's table. */
export const countTables: Readonly<Record<Step, string>> = { minute: "activity_minute", hour: "activity_hour" };

/** Commits of processes that share a store have numbers from here on; those of a process that has one for itself are below. */
export const firstSharedNumber: number = 2 ** 47;

/** Plain SQL that SQLite and PostgreSQL both take. Earlier versions have made the tables themselves. */
const tables: readonly string[] = [
  // `batch` tells which batch has brought the event, `stored` which commit.
  `create table if not exists activity_event (id text primary key, batch bigint not null, stored bigint not null, at bigint not null, type text not null, visitor text, path text, properties text)`,
  `create index if not exists activity_event_at on activity_event (at)`,
  `create table if not exists activity_session (visitor text not null, first_at bigint not null, last_at bigint not null, primary key (visitor, first_at))`,
  // Not by the last moment: an index that moves on with each event would cost more than the table.
  `create index if not exists activity_session_first on activity_session (first_at)`,
  // Who was there in commits whose sessions are not moved on yet.
  `create table if not exists activity_note (stored bigint primary key, presences text not null)`,
  ...Object.values(countTables).map(
    (table) =>
      `create table if not exists ${table} (at bigint not null, metric text not null, label text not null, count bigint not null, primary key (at, metric, label))`,
  ),
  // Who was there in a step, as what `nexios/metrics` reads of a set of hashes; and how many that are.
  `create table if not exists activity_visitors (step text not null, at bigint not null, count bigint not null, sketch text not null, primary key (step, at))`,
  // One salt a day, deleted when the day is over.
  `create table if not exists activity_salt (day bigint primary key, salt text not null)`,
];

/** The tables of user activity: `addActivity` has them made, and `migrateDatabase` of `nexios/postgres` does before a deploy. */
export const activityMigrations: MigrationSet = {
  name: "activity",
  migrations: [
    { number: 1, name: "events and counts", sql: tables.join(";\n") },
    {
      number: 2,
      name: "the turn of several processes",
      // A store of one process has no such numbers, and so nothing in the index.
      sql: `
        create table activity_turn (id bigint primary key, commits bigint not null, holder text not null, previous text not null);
        insert into activity_turn (id, commits, holder, previous) values (1, ${firstSharedNumber}, '', '');
        create index activity_event_stored on activity_event (stored) where stored >= ${firstSharedNumber};
      `,
    },
  ],
};

/** Rows of a statement: few enough for any database's bound on parameters. */
const rowsOfStatement = 500;

/** Cuts rows into those of one statement each. */
export function toSlices<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const slices: (readonly Row[])[] = [];
  for (let from = 0; from < rows.length; from += rowsOfStatement) slices.push(rows.slice(from, from + rowsOfStatement));
  return slices;
}

/** What stands behind `values`, and what belongs to it. Whole numbers and null are written out: they need no way to the database's thread of their own. */
export function toRows(rows: readonly (readonly (string | number | null)[])[]): { readonly text: string; readonly values: readonly (string | number)[] } {
  const values: (string | number)[] = [];
  const place = (value: string | number | null): string => {
    if (value === null || Number.isSafeInteger(value)) return String(value);
    values.push(value);
    return "?";
  };
  return { text: rows.map((row) => `(${row.map(place).join(",")})`).join(","), values };
}

/** `(?, ?)` for so many. */
export function placeholders(count: number): string {
  return `(${Array.from({ length: count }, () => "?").join(",")})`;
}
