/** The form of the file, as `user_version` says it. A file of the form before is brought to it when it is opened; any other is refused. */
export const schemaVersion = 3;

const packs = `
  -- Old entries in place of their rows, deflated together; see pack-format.ts.
  create table pack (
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
  create index pack_position on pack (room, last_position, before_position);
`;

/** What makes a file of the form before one of this form. */
export const migration: string = packs;

/** One database, all rooms. A `row_check` is a CRC over the other columns of its row; that of an entry leaves out what its running checks cover. */
export const schema = `
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
    erased integer not null,
    row_check integer not null,
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
    row_check integer not null,
    primary key (room, key)
  ) strict, without rowid;
  create index outcome_age on outcome (room, at) where keep_until is null;
  create index outcome_ending_age on outcome (room, at) where keep_until is not null;
  create index outcome_end on outcome (room, keep_until) where keep_until is not null;

  create table checkpoint (
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
${packs}`;
