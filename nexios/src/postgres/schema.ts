import type { Migration } from "../log/store.ts";

/**
 * The store's own tables, as one change after the other: what stands here was made somewhere, and is not changed any more. All numbers are `bigint`, of which only safe
 * integers are written. A `row_check` is a CRC over the other columns of its row; that of an entry leaves out what its running checks cover.
 */
export const schema: readonly Migration[] = [
  {
    number: 1,
    name: "rooms, entries, outcomes, checkpoints, packs",
    sql: `
      create table nexios_room (
        id bigint generated always as identity primary key,
        -- Ordered by bytes, whatever language the database speaks.
        name text collate "C" not null unique,
        epoch text not null,
        "offset" bigint not null,
        "check" bigint not null,
        position bigint not null,
        public_check bigint not null,
        version bigint not null,
        calls_since bigint not null,
        wake_at bigint,
        first_offset bigint not null,
        first_position bigint not null,
        -- The running checks just before these two.
        trimmed_check bigint not null,
        trimmed_public_check bigint not null,
        changed_at bigint not null,
        -- What is kept: entries, and their bytes, of packed ones as they are packed.
        entries bigint not null,
        bytes bigint not null,
        -- Rows of outcome, their bytes, and the sum of their checks modulo 2^32: what is missing among them is missed.
        outcomes bigint not null,
        outcome_bytes bigint not null,
        outcome_checks bigint not null,
        -- The offset of the checkpoint that is kept.
        checkpoint bigint,
        row_check bigint not null
      ) with (fillfactor = 70);
      create index nexios_room_wake on nexios_room (wake_at) where wake_at is not null;
      create index nexios_room_changed on nexios_room (changed_at);

      -- Before the room's first_offset only the public part is left, and it stands in bytes.
      create table nexios_entry (
        room bigint not null,
        "offset" bigint not null,
        "check" bigint not null,
        at bigint not null,
        author text,
        call_id text,
        version bigint not null,
        bytes bytea not null,
        position bigint,
        public_check bigint,
        -- Null with a position: members get bytes.
        public_bytes bytea,
        erased bigint not null,
        row_check bigint not null,
        primary key (room, "offset")
      );
      create unique index nexios_entry_position on nexios_entry (room, position) where position is not null;

      create table nexios_outcome (
        room bigint not null,
        key text collate "C" not null,
        input_hash text not null,
        at bigint not null,
        bytes bytea not null,
        keep_until bigint,
        row_check bigint not null,
        primary key (room, key)
      );
      create index nexios_outcome_age on nexios_outcome (room, at) where keep_until is null;
      create index nexios_outcome_ending_age on nexios_outcome (room, at) where keep_until is not null;
      create index nexios_outcome_end on nexios_outcome (room, keep_until) where keep_until is not null;

      create table nexios_checkpoint (
        room bigint primary key,
        epoch text not null,
        "offset" bigint not null,
        "check" bigint not null,
        position bigint not null,
        public_check bigint not null,
        version bigint not null,
        bytes bytea not null,
        row_check bigint not null
      );

      -- Old entries in place of their rows, deflated together.
      create table nexios_pack (
        room bigint not null,
        first_offset bigint not null,
        last_offset bigint not null,
        -- The running check just before the first, and that of the last.
        before_check bigint not null,
        last_check bigint not null,
        -- Public ones have the positions between; twice 0 when there is none.
        before_position bigint not null,
        last_position bigint not null,
        bytes bytea not null,
        row_check bigint not null,
        primary key (room, last_offset)
      );
      alter table nexios_pack alter column bytes set storage external;
      create index nexios_pack_position on nexios_pack (room, last_position, before_position);
    `,
  },
  {
    number: 2,
    name: "subscriptions, dead letters, an application's migrations",
    sql: `
      -- Named readers of logs, and where each began.
      create table nexios_subscription (
        name text collate "C" primary key,
        started_at bigint not null,
        -- Entries before this time are passed over.
        since bigint not null
      );

      -- How far a subscription has come in a log, and who works on it.
      create table nexios_reading (
        subscription text collate "C" not null,
        log text collate "C" not null,
        "offset" bigint not null,
        fence bigint not null,
        lease_until bigint,
        attempts bigint not null,
        first_at bigint,
        retry_at bigint,
        error text,
        primary key (subscription, log)
      );
      create index nexios_reading_retry on nexios_reading (subscription, retry_at) where retry_at is not null;
      create index nexios_reading_lease on nexios_reading (subscription, lease_until) where lease_until is not null;
      create index nexios_reading_log on nexios_reading (log);

      -- Entries that a subscription has given up.
      create table nexios_dead_letter (
        id bigint generated always as identity primary key,
        subscription text collate "C" not null,
        log text collate "C" not null,
        "offset" bigint not null,
        at bigint not null,
        attempts bigint not null,
        error text not null,
        unique (subscription, log, "offset")
      );

      -- The application's own changes of this database.
      create table nexios_migration (
        number bigint primary key,
        name text not null,
        hash text not null,
        at bigint not null
      );
    `,
  },
  {
    number: 3,
    name: "migrations of named sets",
    sql: `
      -- Those of parts that an application takes in, each with numbers of its own.
      create table nexios_set_migration (
        set_name text collate "C" not null,
        number bigint not null,
        name text not null,
        hash text not null,
        at bigint not null,
        primary key (set_name, number)
      );
    `,
  },
];
