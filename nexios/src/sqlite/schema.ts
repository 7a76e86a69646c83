/** One database, all rooms. `user_version` says which of these it has. */
export const migrations: readonly string[] = [
  `
  create table room (
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
    -- What is kept: rows of entry, and their bytes.
    entries integer not null,
    bytes integer not null
  ) strict;
  create index room_wake on room (wake_at) where wake_at is not null;
  create index room_changed on room (changed_at);

  -- Before the room's first_offset only the public part is left, and it stands in bytes.
  create table entry (
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
    erased integer not null default 0,
    primary key (room, "offset")
  ) strict, without rowid;
  create unique index entry_position on entry (room, position) where position is not null;

  create table outcome (
    room integer not null,
    key text not null,
    input_hash text not null,
    at integer not null,
    bytes blob not null,
    keep_until integer,
    primary key (room, key)
  ) strict, without rowid;
  create index outcome_age on outcome (room, at) where keep_until is null;
  create index outcome_end on outcome (keep_until) where keep_until is not null;

  create table checkpoint (
    room integer primary key,
    epoch text not null,
    "offset" integer not null,
    "check" integer not null,
    position integer not null,
    public_check integer not null,
    version integer not null,
    bytes blob not null
  ) strict;
  `,
];
