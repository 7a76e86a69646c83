/** The form of the file, as `user_version` says it. A file of an earlier one is brought to it when it is opened, back to `oldestVersion`; any other is refused. */
export const schemaVersion = 5;
/** The oldest form that is brought to it. */
export const oldestVersion = 3;

const indexes = `
  create index nexios_pack_position on nexios_pack (room, last_position, before_position);
  create index nexios_room_wake on nexios_room (wake_at) where wake_at is not null;
  create index nexios_room_changed on nexios_room (changed_at);
  create unique index nexios_entry_position on nexios_entry (room, position) where position is not null;
  create index nexios_outcome_age on nexios_outcome (room, at) where keep_until is null;
  create index nexios_outcome_ending_age on nexios_outcome (room, at) where keep_until is not null;
  create index nexios_outcome_end on nexios_outcome (room, keep_until) where keep_until is not null;
`;

const runs = `
  -- Entries of one batch of a room that keeps all, together until they are packed; see run-format.ts.
  create table nexios_run (
    room integer not null,
    first_offset integer not null,
    last_offset integer not null,
    -- As of a pack.
    before_check integer not null,
    last_check integer not null,
    before_position integer not null,
    last_position integer not null,
    -- Of the first one.
    at integer not null,
    bytes blob not null,
    row_check integer not null,
    primary key (room, last_offset, first_offset)
  ) strict;
  create index nexios_run_position on nexios_run (room, last_position, before_position);
`;

const packs = `
  -- Old entries in place of their rows, deflated together; see pack-format.ts.
  create table nexios_pack (
    room integer not null,
    first_offset integer not null,
    last_offset integer not null,
    -- The running check just before the first, and that of the last.
    before_check integer not null,
    last_check integer not null,
    -- Public ones have the positions between; twice 0 when there is none.
    before_position integer not null,
    last_position integer not null,
    bytes blob not null,
    row_check integer not null,
    primary key (room, last_offset, first_offset)
  ) strict;
`;

const subscriptions = `
  -- Named readers of logs, and where each began.
  create table nexios_subscription (
    name text primary key,
    started_at integer not null,
    -- Entries before this time are passed over.
    since integer not null
  ) strict;

  -- How far a subscription has come in a log, and who works on it.
  create table nexios_reading (
    subscription text not null,
    log text not null,
    "offset" integer not null,
    fence integer not null,
    lease_until integer,
    attempts integer not null,
    first_at integer,
    retry_at integer,
    error text,
    primary key (subscription, log)
  ) strict, without rowid;
  create index nexios_reading_retry on nexios_reading (subscription, retry_at) where retry_at is not null;
  create index nexios_reading_lease on nexios_reading (subscription, lease_until) where lease_until is not null;
  create index nexios_reading_log on nexios_reading (log);

  -- Entries that a subscription has given up.
  create table nexios_dead_letter (
    id integer primary key,
    subscription text not null,
    log text not null,
    "offset" integer not null,
    at integer not null,
    attempts integer not null,
    error text not null,
    unique (subscription, log, "offset")
  ) strict;

  -- The application's own changes of this file.
  create table nexios_migration (
    number integer primary key,
    name text not null,
    hash text not null,
    at integer not null
  ) strict;
`;

/** What came to a form later, and what a file without it is used with as well: made where it is missing. */
export const additions = `
  -- The changes of parts that an application takes in, each with numbers of its own.
  create table if not exists nexios_set_migration (
    set_name text not null,
    number integer not null,
    name text not null,
    hash text not null,
    at integer not null,
    primary key (set_name, number)
  ) strict, without rowid;
`;

/** In form 3 the tables had no names of their own. */
const toForm4 = `
  ${["room", "entry", "outcome", "checkpoint", "pack"].map((table) => `alter table ${table} rename to nexios_${table};`).join(" ")}
  ${["room_wake", "room_changed", "entry_position", "outcome_age", "outcome_ending_age", "outcome_end", "pack_position"].map((index) => `drop index ${index};`).join(" ")}
  ${indexes}
  ${subscriptions}
`;

/** What makes a file of that form, not older than `oldestVersion`, one of this form. */
export function migrationFrom(version: number): string {
  return `${version < 4 ? toForm4 : ""} ${runs}`;
}

/** One database, all rooms. A `row_check` is a CRC over the other columns of its row; that of an entry leaves out what its running checks cover. */
export const schema = `
  create table nexios_room (
    id integer primary key,
    name text not null unique,
    epoch text not null,
    "offset" integer not null,
    "check" integer not null,
    position integer not null,
    public_check integer not null,
    version integer not null,
    calls_since integer not null,
    wake_at integer,
    first_offset integer not null,
    first_position integer not null,
    -- The running checks just before these two.
    trimmed_check integer not null,
    trimmed_public_check integer not null,
    changed_at integer not null,
    -- What is kept: entries, and their bytes, of packed ones as they are packed.
    entries integer not null,
    bytes integer not null,
    -- Rows of outcome, their bytes, and the sum of their checks modulo 2^32: what is missing among them is missed.
    outcomes integer not null,
    outcome_bytes integer not null,
    outcome_checks integer not null,
    -- The offset of the checkpoint that is kept.
    checkpoint integer,
    row_check integer not null
  ) strict;

  -- Before the room's first_offset only the public part is left, and it stands in bytes.
  create table nexios_entry (
    room integer not null,
    "offset" integer not null,
    "check" integer not null,
    at integer not null,
    author text,
    call_id text,
    version integer not null,
    bytes blob not null,
    position integer,
    public_check integer,
    -- Null with a position: members get bytes.
    public_bytes blob,
    erased integer not null,
    row_check integer not null,
    primary key (room, "offset")
  ) strict, without rowid;

  create table nexios_outcome (
    room integer not null,
    key text not null,
    input_hash text not null,
    at integer not null,
    bytes blob not null,
    keep_until integer,
    row_check integer not null,
    primary key (room, key)
  ) strict, without rowid;

  create table nexios_checkpoint (
    room integer primary key,
    epoch text not null,
    "offset" integer not null,
    "check" integer not null,
    position integer not null,
    public_check integer not null,
    version integer not null,
    bytes blob not null,
    row_check integer not null
  ) strict;
${packs}
${runs}
${indexes}
${subscriptions}`;
