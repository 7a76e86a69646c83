const benches: Readonly<Record<string, string>> = {
  fanout: "messages to a group, beside ws and socket.io: deliveries per second of server CPU, latency (90 s; --members, --rounds, --seconds, --only)",
  slow: "one member that never reads: what the others and the server's memory feel (11 minutes; --members, --runs, --seconds, --rate, --bytes)",
  calls: "calls to rooms on the SQLite log: how many a second are decided and stored (2 minutes; --callers, --seconds, --bytes)",
  "cluster-calls":
    "calls to one room by several processes on one PostgreSQL with fsync: how many a second are decided and stored, and whether each process has its share (20 s; --processes, --callers, --seconds, --bytes)",
  "cluster-rooms":
    "10,000 rooms with a member each on two processes over PostgreSQL and Redis: memory and subscriptions, and what looks at the heads cost while all are idle and while 1 % are called (16 minutes; --rooms, --rooms-per-connection, --busy-share, --idle-seconds, --busy-seconds, --only)",
  "cluster-fanout":
    "messages to a group on two processes over Redis, beside socket.io with its Redis adapters: deliveries per second of CPU of both processes (1 minute; --members, --processes, --bytes, --rounds, --seconds, --warm-up, --only)",
  "idle-rooms": "10,000 rooms in which nobody talks, 100,000 that were called once: memory (1 minute; --idle, --named)",
  connections: "10,000 connections opened, used and closed ten times: memory, handles, a stop with stuck peers (1 minute; --connections, --rounds, --stuck)",
  rooms:
    "deliveries, calls and idle members of rooms, beside groups and socket.io (5 minutes; --members, --callers, --bytes, --rounds, --seconds, --warm-up, --connections, --only)",
  "slow-room":
    "one member of a room that reads nothing for 30 s: what the others and the server's memory feel, whether it gets exactly the rest (7 minutes; --members, --runs, --seconds, --megabytes, --bytes, --log)",
  resume:
    "10,000 members whose server is killed: how fast and evenly they come back, reads of the log (2 minutes; --members, --processes, --missed, --patience-seconds)",
  edits:
    "one who types in a document that others read, beside Hocuspocus: server CPU per edit, bytes to rejoin, acknowledged edits lost at a kill; the text at random moments, the lock of who may no more, typing beside bad input (6 minutes; --only, --readers, --edits, --warm-up, --rounds, --kills, --record, --moments, --locks, --delay-ms, --runs, --strokes, --under-way)",
  events:
    "durable events: what others feel of a key that always fails, how fast a backlog is worked off, from commit to handler (4 minutes; --only, --keys, --runs, --seconds, --rate, --backlog, --quiet-rate)",
  inbox:
    "a person's inbox: a device that was away for 10,000 notifications catches up, a new one begins, one idempotency key is used 1,000 times (1 minute; --away, --rounds)",
  activity:
    "visitors' events in batches of 500, stored and counted in one process: how many a second, and what three times as many do to its memory (1 minute; --events, --rounds, --visitors, --senders, --seconds, --times)",
  outbid:
    "people who take the lead of lots from each other in the Saleroom: how long until who has lost it has the notice on a connected device (45 s; --lots, --rate, --seconds)",
  metrics:
    "what metrics cost where something happens, when they are read, scraped and merged, and in memory; how exact percentiles and distinct counts are (3 minutes; --rounds, --seeds)",
  dashboard:
    "a live dashboard with 1,000 viewers: computations, encodings and messages a step, age; one viewer that reads nothing for a minute, one that is hidden, first charts (3 minutes; --viewers, --others, --seconds, --first-charts)",
  page: "the control room in a real browser: main thread per update of 1 and of 10 charts of 10 x 3,600 points, heap after 28,800 frames (6 minutes; --frames, --updates, --rounds)",
  clock: "the server's time that clients show, on five simulated networks: error, bound, healing after sleep and steps (10 s; --hours, --seed)",
};

const name = process.argv[2];

if (name !== undefined && Object.hasOwn(benches, name)) {
  // What is left are the bench's own options.
  process.argv.splice(2, 1);
  try {
    await import(`./${name}.ts`);
  } catch (error) {
    // Node's own message names the option.
    if (!(error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))) throw error;
    console.error(`bench: ${error.message}`);
    process.exitCode = 1;
  }
} else {
  console.log("npm run bench -- NAME [--option value ...]\n");
  for (const [bench, question] of Object.entries(benches)) console.log(`  ${bench.padEnd(14)} ${question}`);
  if (name !== "--help") process.exitCode = 1;
  if (name !== undefined && name !== "--help") console.error(`\nbench: there is no ${name}`);
}
